const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DURATIONS = [0.001, 0.01, 0.1, 1, 10, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR, 4 * DAY, 40 * DAY];
const DAY_OF_MONTH = { month: 'short', day: 'numeric' } as const;
const MONTH_OF_YEAR = { year: 'numeric', month: 'short' } as const;
/** Steps people count time in, in seconds. */
const TIME_STEPS = [
  1,
  2,
  5,
  10,
  15,
  30,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

/** Round numbers (1, 2 or 5 times a power of ten apart) from `low` to `high`, about `count` of them. */
export function linearTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) {
    return [low];
  }
  return multiples(low, high, niceStep((high - low) / Math.max(1, count)));
}

/** Round whole numbers from `low` to `high`; within a single one, round numbers. */
export function wholeTicks(low: number, high: number, count: number): number[] {
  return linearTicks(low, high, Math.min(count, Math.max(1, high - low)));
}

/** Powers of ten from `low` to `high`; with 2 and 5 times them where these are few; round numbers within a decade. */
export function logTicks(low: number, high: number, count: number): number[] {
  const decades = Math.log10(high / low);
  if (!(decades > 0)) {
    return [low];
  }
  const stride = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const powers = multiples(Math.log10(low), Math.log10(high), stride).map((exponent) => tenTo(exponent));
  if (powers.length >= Math.max(3, count / 2)) {
    return powers;
  }
  const finer = finerLogTicks(low, high);
  if (finer.length >= 3) {
    return finer.length <= 2 * count ? finer : powers;
  }
  return linearTicks(low, high, count).filter((tick) => tick > 0);
}

/** Durations people name, from `low` to `high` seconds, each about ten times the one before. */
export function logDurationTicks(low: number, high: number, count: number): number[] {
  const named = DURATIONS.filter((duration) => duration >= low && duration <= high);
  return named.length >= 2 ? named : logTicks(low, high, count);
}

/** Round durations from `low` to `high` seconds, about `count` of them. */
export function durationTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  return rough < 1 ? linearTicks(low, high, count) : multiples(low, high, timeStep(rough));
}

/** Round local times from `low` to `high`, in seconds since the epoch, about `count` of them. */
export function timeTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough >= 1)) {
    return linearTicks(low, high, count);
  }
  const zone = new Date(low * 1000).getTimezoneOffset() * MINUTE;
  return multiples(low - zone, high - zone, timeStep(rough)).map((tick) => tick + zone);
}

/** A duration as people say it, as the card says it too: `0.3 ms`, `53 ms`, `1.2 s`, `3 min 05 s`, `2 h 04 min`, `1 d 2 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0) {
    return `−${formatDuration(-seconds)}`;
  }
  const milliseconds = seconds * 1000;
  if (milliseconds < 0.095) {
    return seconds === 0 ? '0' : `${Math.round(milliseconds * 1000)} µs`;
  }
  if (milliseconds < 999.5) {
    return `${Number(milliseconds.toFixed(milliseconds < 9.95 ? 1 : 0))} ms`;
  }
  if (seconds < 59.95) {
    return `${Number(seconds.toFixed(1))} s`;
  }
  if (seconds < HOUR - 0.5) {
    return inTwoUnits(Math.round(seconds), MINUTE, ['min', 's'], 2);
  }
  const minutes = Math.round(seconds / MINUTE);
  return minutes * MINUTE < DAY
    ? inTwoUnits(minutes, HOUR / MINUTE, ['h', 'min'], 2)
    : inTwoUnits(Math.round(seconds / HOUR), DAY / HOUR, ['d', 'h'], 1);
}

/** `count` small units in large ones and the rest, which is left out if there is none. */
function inTwoUnits(count: number, size: number, [large, small]: readonly [string, string], digits: number): string {
  const rest = count % size;
  return `${Math.floor(count / size)} ${large}${rest > 0 ? ` ${String(rest).padStart(digits, '0')} ${small}` : ''}`;
}

/** Labels of points in time: the clock, with the day below it where a new one begins; days alone where ticks are days apart. */
export function formatTimes(ticks: readonly number[]): string[] {
  const gap = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  let before = '';
  return ticks.map((tick) => {
    const date = new Date(tick * 1000);
    const day = date.toLocaleDateString(undefined, gap >= 90 * DAY ? MONTH_OF_YEAR : DAY_OF_MONTH);
    if (gap >= DAY) {
      return day;
    }
    const clock = date.toLocaleTimeString(undefined, {
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
      ...(gap < MINUTE ? { second: '2-digit' } : {}),
    });
    const label = day === before ? clock : `${clock}\n${day}`;
    before = day;
    return label;
  });
}

function finerLogTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.log10(high); exponent++) {
    for (const factor of [1, 2, 5]) {
      const tick = Number(`${factor}e${exponent}`);
      if (tick >= low && tick <= high) {
        ticks.push(tick);
      }
    }
  }
  return ticks;
}

function multiples(low: number, high: number, step: number): number[] {
  const slack = step * 1e-9;
  // Adding 0 makes 0 of −0.
  const first = Math.ceil((low - slack) / step) + 0;
  const last = Math.floor((high + slack) / step);
  // Dividing by the reciprocal keeps 3 × 0.1 at 0.3.
  const inverse = Math.round(1 / step);
  const exact = step < 1 && Math.abs(inverse * step - 1) < 1e-9;
  const ticks: number[] = [];
  for (let n = first; n <= last; n++) {
    ticks.push(exact ? n / inverse : n * step);
  }
  return ticks;
}

function niceStep(rough: number): number {
  const power = Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * tenTo(power) >= rough * (1 - 1e-9)) ?? 10;
  return factor * tenTo(power);
}

function timeStep(rough: number): number {
  return TIME_STEPS.find((step) => step >= rough) ?? niceStep(rough / (365 * DAY)) * 365 * DAY;
}

/** Exact powers of ten: `10 ** -5` is not `1e-5`. */
function tenTo(exponent: number): number {
  return Number(`1e${exponent}`);
}
