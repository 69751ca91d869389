import { formatMoment } from '../../core/table/cells';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST = 14 * DAY;

/** How long ago a moment was, both in seconds since 1970: "now", "5 min", "3 h", "2 d", then its day. */
export function formatAge(moment: number, now: number): string {
  const seconds = now - moment;
  if (seconds < MINUTE) {
    return 'now';
  }
  if (seconds < HOUR) {
    return `${Math.floor(seconds / MINUTE)} min`;
  }
  if (seconds < DAY) {
    return `${Math.floor(seconds / HOUR)} h`;
  }
  return seconds < LONGEST ? `${Math.floor(seconds / DAY)} d` : formatMoment(moment, new Date(now * 1000));
}
