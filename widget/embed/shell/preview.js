/* SPDX-License-Identifier: MIT */
// The first message that came while the panel was closed, beside the button: once per burst.

import { el, icon, setText } from '../dom.js';

const CLOSE_ICON = 'M6 6l12 12M18 6L6 18';
const TEXT_MAX = 140;

export function createPreview({ t, root, onOpen }) {
  const text = el('button', { type: 'button', class: 'preview-text', onclick: onOpen });
  const dismiss = el('button', { type: 'button', class: 'preview-close', 'aria-label': t('preview.dismiss'), onclick: hide }, icon(CLOSE_ICON));
  const node = el('div', { class: 'preview', role: 'group', 'aria-label': t('preview'), hidden: true }, text, dismiss);
  let shown = false;

  root.prepend(node);

  function hide() {
    node.hidden = true;
  }

  return {
    show(words) {
      if (shown)
        return;
      shown = true;
      setText(text, words.length > TEXT_MAX ? `${words.slice(0, TEXT_MAX)}...` : words);
      node.hidden = false;
    },
    /** All is read: the next burst may show one again. */
    settle() {
      shown = false;
      hide();
    },
    hide,
    remove: () => node.remove(),
  };
}
