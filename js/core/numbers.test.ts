import { describe, expect, it } from 'vitest';
import { cellNumber, decodeFloats, encodeFloats, formatLogTicks, formatNumber, formatTicks } from './numbers';

describe('floats on the wire', () => {
  it('reads what Python writes: little-endian 64-bit floats', () => {
    // base64.b64encode(struct.pack("<4d", 1.5, -2, nan, inf))
    expect([...decodeFloats('AAAAAAAA+D8AAAAAAAAAwAAAAAAAAPh/AAAAAAAA8H8=')]).toEqual([
      1.5,
      -2,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('come back as they went', () => {
    const values = [0, -0, 1e-300, Math.PI, Number.NaN, Number.NEGATIVE_INFINITY];
    expect([...decodeFloats(encodeFloats(values))]).toEqual(values);
    expect(decodeFloats('')).toHaveLength(0);
  });

  it('say so when cut short', () => {
    expect(() => decodeFloats(btoa('12345'))).toThrow('Found 5 bytes');
  });
});

describe('cells', () => {
  it('hold non-finite numbers as words', () => {
    expect(cellNumber('NaN')).toBeNaN();
    expect(cellNumber('-Infinity')).toBe(Number.NEGATIVE_INFINITY);
  });

  it('that are no numbers are null', () => {
    expect([cellNumber(null), cellNumber('adam'), cellNumber('3'), cellNumber(true), cellNumber(undefined)]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('a number for people', () => {
  it.each([
    [0, '0'],
    [0.1 + 0.2, '0.3'],
    [1234567, '1234567'],
    [12345678, '1.235e7'],
    [0.00012, '1.2e-4'],
    [-0.5, '-0.5'],
    [0.123456, '0.1235'],
    [98765.4321, '98765'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('the labels of an axis', () => {
  it('share their decimals', () => {
    expect(formatTicks([0.5, 1, 1.5])).toEqual(['0.5', '1.0', '1.5']);
  });

  it('share their unit', () => {
    expect(formatTicks([0, 5000, 10000])).toEqual(['0', '5k', '10k']);
    expect(formatTicks([500000, 1000000, 1500000])).toEqual(['0.5M', '1.0M', '1.5M']);
  });

  it('of tiny values have exponents', () => {
    expect(formatTicks([0, 1e-5, 2e-5])).toEqual(['0', '1e-5', '2e-5']);
  });

  it('tell neighbours apart far from zero', () => {
    expect(new Set(formatTicks([1000.001, 1000.002, 1000.003])).size).toBe(3);
  });

  it('of a logarithmic axis are each as short as can be', () => {
    expect(formatLogTicks([1e-5, 0.01, 1, 100, 1e4, 1e6])).toEqual(['1e-5', '0.01', '1', '100', '10k', '1M']);
  });
});
