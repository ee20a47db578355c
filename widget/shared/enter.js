/* SPDX-License-Identifier: MIT */
// When Enter sends: not while an input method composes, not with Shift, not inside an open fence;
// always with Ctrl or Cmd.

export function insideFence(text) {
  return (text.match(/^ {0,3}```/gm) ?? []).length % 2 === 1;
}

/** True: this keydown in a textarea means "send". `alone`: Enter is enough for it. */
export function enterSends(event, alone = true) {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229)
    return false;
  if (event.ctrlKey || event.metaKey)
    return true;
  const { value, selectionStart } = event.target;

  return alone && !event.shiftKey && !event.altKey && !insideFence(value.slice(0, selectionStart));
}
