/** Words for durations and times of day. Pure: every instant is given. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "12 s", "3 min 05 s", "2 h 07 min", "4 d 01 h"; never negative, clocks being what they are. */
export function durationText(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return pair(ms, MINUTE_MS, 'min', SECOND_MS, 's');
  if (ms < DAY_MS) return pair(ms, HOUR_MS, 'h', MINUTE_MS, 'min');
  return pair(ms, DAY_MS, 'd', HOUR_MS, 'h');
}

export function ageText(sinceMs: number, nowMs: number): string {
  const ageMs = nowMs - sinceMs;
  return ageMs < SECOND_MS ? 'just now' : `${durationText(ageMs)} ago`;
}

/** Local time of day, 24 hours: "09:05:07". */
export function clockText(instantMs: number): string {
  const at = new Date(instantMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

/** Local date and time of day, for what may be of another day: "2026-01-02 09:05:07". */
export function dateClockText(instantMs: number): string {
  const at = new Date(instantMs);
  const date = [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-');
  return `${date} ${clockText(instantMs)}`;
}

function pair(ms: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % bigMs) / smallMs);
  return `${Math.floor(ms / bigMs)} ${big} ${twoDigits(rest)} ${small}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
