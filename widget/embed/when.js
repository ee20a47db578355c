/* SPDX-License-Identifier: MIT */
// "Monday at 8:00 AM EST": when the desk opens, in the visitor's own zone.

export function when(at) {
  return new Date(at).toLocaleString(undefined, {
    weekday: 'long', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
  });
}
