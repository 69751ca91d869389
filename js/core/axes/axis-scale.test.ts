import { describe, expect, it } from 'vitest';
import { exampleRules } from '../example-rules';
import { axisTicks, describeCell, makeScale, numberAt, placeOf } from './axis-scale';
import { categories, column, numbers } from './columns-fixtures';

describe('a numeric axis', () => {
  it.each(exampleRules.places)('puts $values where Python does, log: $log', ({ values, log, places }) => {
    const found = [...makeScale(column('param:p', values), log).places];
    expect(found.map((place) => (Number.isNaN(place) ? null : Number(place.toFixed(5))))).toEqual(places);
  });

  it('puts what is missing or not finite into the lane', () => {
    const scale = numbers(1, null, 'NaN', 'Infinity', 3);
    expect([...scale.places]).toEqual([0, Number.NaN, Number.NaN, Number.NaN, 1]);
    expect(scale.missing).toBe(3);
  });

  it('names the lane by the one word that stands there in place of a number', () => {
    expect(numbers(1, 'None', 3, 'None').laneSign).toBe('None');
    expect(numbers(1, 'None', 3, null).laneSign).toBe('–');
    expect(numbers(1, null, 3).laneSign).toBe('–');
    expect(describeCell(numbers(1, 'None', 3).column, 1)).toBe('None');
  });

  it('puts a single value in the middle', () => {
    expect([...numbers(7, 7).places]).toEqual([0.5, 0.5]);
  });

  it('is logarithmic only where no value is below zero', () => {
    expect(makeScale(column('param:lr', [0, 0.1]), true)).toMatchObject({ log: true, canLog: true });
    expect(makeScale(column('param:lr', [-1, 0.1]), true)).toMatchObject({ log: false, canLog: false });
  });

  it.each([[[0.001, 0.1]], [[0, 0.001, 0.1]]])('of %o finds the number at a place again', (values) => {
    const scale = makeScale(column('param:lr', values), true);
    expect(placeOf(scale, numberAt(scale, 0.3))).toBeCloseTo(0.3);
  });

  it('that is logarithmic has a label for zero too', () => {
    const many = [0, ...Array.from({ length: 12 }, (_, at) => 10 ** (at / 3 - 4))];
    const labels = axisTicks(makeScale(column('param:decay', many), true), 8).map(({ label }) => label);
    expect(labels).toEqual(['0', '1e-4', '0.001', '0.01', '0.1']);
  });

  it('that is logarithmic, with values close together, has no label twice nor two in one place', () => {
    const close = Array.from({ length: 20 }, (_, at) => 1e-5 * (1 + at / 4000));
    const labels = (values: number[]): string[] =>
      axisTicks(makeScale(column('param:decay', values), true), 6).map(({ label }) => label);
    expect(labels([0, ...close])).toEqual(['0', '1e-5']);
    const above = labels(close);
    expect(new Set(above).size).toBe(above.length);
  });

  it('is labelled with the values themselves where they are few', () => {
    expect(axisTicks(numbers(16, 256, 64, 64), 8).map(({ label }) => label)).toEqual(['16', '64', '256']);
  });

  it('leaves out labels that could not be read', () => {
    expect(axisTicks(numbers(0, 1, 100), 8).map(({ label }) => label)).toEqual(['0', '100']);
  });

  it('with nothing finite has no labels', () => {
    expect(axisTicks(numbers(null, 'NaN'), 8)).toEqual([]);
  });
});

describe('a categorical axis', () => {
  it('orders names as people do and gives each its share', () => {
    const scale = categories('net10', 'net2', null);
    expect(scale.categories).toEqual(['net2', 'net10']);
    expect([...scale.places]).toEqual([0.75, 0.25, Number.NaN]);
  });

  it('takes truth values', () => {
    const scale = makeScale(column('param:augment', [true, false, null]), false);
    expect(scale.categories).toEqual(['false', 'true']);
    expect(scale.missing).toBe(1);
  });

  it('labels every second one where there is no room', () => {
    expect(axisTicks(categories('a', 'b', 'c', 'd'), 2).map(({ label }) => label)).toEqual(['a', 'c']);
  });
});

describe('a value in words', () => {
  it('says when it is missing', () => {
    const scale = numbers(0.123456789, null, 'NaN');
    expect([0, 1, 2].map((row) => describeCell(scale.column, row))).toEqual(['0.12346', 'missing', 'NaN']);
  });
});
