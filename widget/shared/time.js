/* SPDX-License-Identifier: MIT */
// Times as people read them. All inputs are milliseconds since the epoch.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "10:41 AM" today, else with the date; in the reader's zone. */
export function clock(at, now = Date.now(), locale = undefined) {
  const date = new Date(at);
  const time = { hour: 'numeric', minute: '2-digit' };
  const sameDay = date.toDateString() === new Date(now).toDateString();

  return date.toLocaleString(locale, sameDay ? time : { month: 'short', day: 'numeric', ...time });
}

/** The same instant without any doubt, zone included. */
export function fullTime(at, locale = undefined) {
  return new Date(at).toLocaleString(locale, {
    weekday: 'short', year: 'numeric', month: 'short', day: 'numeric',
    hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
  });
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
