/* SPDX-License-Identifier: MIT */
// The browser's own modal <dialog>, open as long as it is rendered. It opens with the render, so
// that the key after the one that asked for it is written into it, and is told to go by Escape at
// once, not by the event "close" that comes a task later: by then the same keys may have asked for
// the next one.

import { useLayoutEffect, useRef } from 'preact/hooks';

/* Where the focus and the caret are, and the way back there: Chromium puts the caret to the start. */
function keepFocus() {
  const at = document.activeElement ?? document.body;
  const { selectionStart = null, selectionEnd, selectionDirection } = at;

  return () => {
    if (!at.isConnected)
      return;
    at.focus();
    if (selectionStart !== null)
      at.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
  };
}

/** Properties for a <dialog>, and `close()`. `onClose` is called once: when it should no longer be
    rendered. Without `onClose` it cannot be left. The focus goes back to where it was. */
export function useModal(onClose) {
  const dialog = useRef(null);
  const over = useRef(false);

  function close() {
    if (over.current)
      return;
    over.current = true;
    onClose();
  }

  function closed() {
    if (onClose)
      close();
    else if (!over.current)
      dialog.current.showModal(); /* browsers let nobody refuse a second Escape */
  }

  useLayoutEffect(() => {
    const focusBack = keepFocus();
    const { current } = dialog;

    current.showModal();
    return () => {
      over.current = true;
      current.close();
      focusBack();
    };
  }, []);

  return {
    close,
    props: {
      ref: dialog,
      onClose: closed,
      onCancel(event) {
        if (event.target !== dialog.current) /* a file that was not chosen is cancelled, too */
          return;
        if (onClose)
          close();
        else
          event.preventDefault();
      },
    },
  };
}
