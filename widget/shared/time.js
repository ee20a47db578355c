/* SPDX-License-Identifier: MIT */
// Times as people read them. All inputs are milliseconds since the epoch.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const TIME = { hour: 'numeric', minute: '2-digit' };
const DATE_TIME = { month: 'short', day: 'numeric', ...TIME };
const FULL = { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', ...TIME, timeZoneName: 'short' };

/* Making a formatter takes a hundred times as long as using one, and a log has thousands of times. */
const formats = new Map();

function format(at, locale, options) {
  const key = locale ?? '';
  const made = formats.get(options) ?? formats.set(options, new Map()).get(options);

  if (!made.has(key))
    made.set(key, new Intl.DateTimeFormat(locale, options));
  return made.get(key).format(at);
}

/** "10:41 AM" today, else with the date; in the reader's zone. */
export function clock(at, now = Date.now(), locale = undefined) {
  return format(at, locale, new Date(at).toDateString() === new Date(now).toDateString() ? TIME : DATE_TIME);
}

/** The same instant without any doubt, zone included. */
export function fullTime(at, locale = undefined) {
  return format(at, locale, FULL);
}

/** "45s", "12m", "2h 10m", "3d 4h": a length of time, rounded down. */
export function span(ms) {
  const left = Math.max(0, ms);

  if (left < MINUTE)
    return `${Math.floor(left / 1000)}s`;
  if (left < HOUR)
    return `${Math.floor(left / MINUTE)}m`;
  if (left < DAY)
    return `${Math.floor(left / HOUR)}h ${Math.floor((left % HOUR) / MINUTE)}m`;
  return `${Math.floor(left / DAY)}d ${Math.floor((left % DAY) / HOUR)}h`;
}

/** A wait as a range of whole minutes, [from, to]: nobody believes "217 seconds". */
export function etaRange(seconds) {
  const minutes = Math.max(1, Math.ceil(seconds / 60));

  return minutes === 1 ? [1, 1] : [minutes, Math.ceil(minutes * 1.5)];
}
