/* SPDX-License-Identifier: MIT */
// "Monday at 8:00 AM EST": when the desk opens, in the visitor's own zone.

export function when(at, locale = undefined) {
  return new Date(at).toLocaleString(locale, {
    weekday: 'long', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
  });
}

/** The same with the office's time, where its clocks show another one: "… (9:00 AM EST)". */
export function opening(at, locale, zone) {
  const mine = when(at, locale);
  const clock = (timeZone) => new Date(at).toLocaleString(locale, { hour: 'numeric', minute: '2-digit', timeZone });

  if (!zone || clock(zone) === clock(undefined))
    return mine;
  return `${mine} (${new Date(at).toLocaleString(locale, { hour: 'numeric', minute: '2-digit', timeZone: zone, timeZoneName: 'short' })})`;
}
