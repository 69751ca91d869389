import { describe, expect, it } from 'vitest';
import { RUN_COLOURS, runColour, sequentialColour } from './colours';
import type { RunTable } from './wire';

type Rgb = readonly [number, number, number];

/** What the colour-blind see, in linear light (Machado, Oliveira, Fernandes 2009, severity 1). */
const EYES: Record<string, readonly [Rgb, Rgb, Rgb]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(hex: string): Rgb {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function dot(a: Rgb, b: Rgb): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function luminance(hex: string): number {
  return dot(linear(hex), [0.2126, 0.7152, 0.0722]);
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Ottosson 2020, https://bottosson.github.io/posts/oklab/ */
function oklab(rgb: Rgb): Rgb {
  const cone = (weights: Rgb): number => Math.cbrt(Math.max(0, dot(weights, rgb)));
  const lms: Rgb = [
    cone([0.4122214708, 0.5363325363, 0.0514459929]),
    cone([0.2119034982, 0.6806995451, 0.1073969566]),
    cone([0.0883024619, 0.2817188376, 0.6299787005]),
  ];
  return [
    dot([0.2104542553, 0.793617785, -0.0040720468], lms),
    dot([1.9779984951, -2.428592205, 0.4505937099], lms),
    dot([0.0259040371, 0.7827717662, -0.808675766], lms),
  ];
}

function distance(a: Rgb, b: Rgb): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function tableOf(runs: string[], total = runs.length): RunTable {
  return { answer: 'runs', run_ids: runs, columns: [], total, metrics: [] };
}

describe('the palette', () => {
  it.each(RUN_COLOURS)('%s can be seen on white and on dark grey', (colour) => {
    expect(contrast(luminance(colour), 1)).toBeGreaterThanOrEqual(2.95);
    expect(contrast(luminance(colour), luminance('#1e1e1e'))).toBeGreaterThanOrEqual(2.95);
  });

  it.each(Object.entries(EYES))('keeps its colours apart with %s', (_name, [red, green, blue]) => {
    const seen = RUN_COLOURS.map(linear).map((rgb) => oklab([dot(red, rgb), dot(green, rgb), dot(blue, rgb)]));
    for (const [at, colour] of seen.entries()) {
      for (const other of seen.slice(at + 1)) {
        expect(distance(colour, other)).toBeGreaterThan(0.075);
      }
    }
  });
});

describe('the colour of a run', () => {
  it('stays when newer runs arrive', () => {
    const before = tableOf(['b', 'a']);
    const after = tableOf(['d', 'c', 'b', 'a']);
    expect(['a', 'b'].map((run) => runColour(run, after))).toEqual(['a', 'b'].map((run) => runColour(run, before)));
  });

  it('stays when only the newest of all runs are in the table', () => {
    expect(runColour('c', tableOf(['c', 'b'], 3))).toBe(runColour('c', tableOf(['c', 'b', 'a'])));
  });

  it('stays when an older run is hidden, for a newer one came out just like it', () => {
    const before = { ...tableOf(['c', 'b', 'a']), ordinals: [2, 1, 0] };
    const after = { ...tableOf(['d', 'c', 'b']), ordinals: [3, 2, 1] };
    expect(['b', 'c'].map((run) => runColour(run, after))).toEqual(['b', 'c'].map((run) => runColour(run, before)));
  });
});

describe('the sequential scale', () => {
  it.each(['light', 'dark'] as const)('grows lighter all the way on a %s ground', (ground) => {
    const lightness = Array.from({ length: 21 }, (_, at) => {
      const [red = 0, green = 0, blue = 0] = (sequentialColour(at / 20, ground).match(/\d+/g) ?? []).map(Number);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
  });

  it('holds at its ends', () => {
    expect(sequentialColour(-1, 'light')).toBe(sequentialColour(0, 'light'));
    expect(sequentialColour(2, 'dark')).toBe('rgb(253, 231, 37)');
  });
});
