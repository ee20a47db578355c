/* SPDX-License-Identifier: MIT */
// "Monday, Nov 30, 8:00 AM EST": when the desk opens or answers, in the visitor's own zone; of today
// the time alone.

const TIME = { hour: 'numeric', minute: '2-digit' };
const WITH_ZONE = { ...TIME, timeZoneName: 'short' };
const isToday = (at) => new Date(at).toDateString() === new Date().toDateString();

export function when(at, locale = undefined) {
  return new Date(at).toLocaleString(locale, isToday(at) ? WITH_ZONE : { weekday: 'long', month: 'short', day: 'numeric', ...WITH_ZONE });
}

/** The same with the office's time, where its clocks show another one: "today, 3:00 PM GMT+2 (9:00 AM EDT)". */
export function opening(at, locale, zone) {
  const today = isToday(at) ? `${new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'day')}, ` : '';
  const mine = today + when(at, locale);
  const clock = (timeZone) => new Date(at).toLocaleString(locale, { ...TIME, timeZone });

  if (!zone || clock(zone) === clock(undefined))
    return mine;
  return `${mine} (${new Date(at).toLocaleString(locale, { ...WITH_ZONE, timeZone: zone })})`;
}
