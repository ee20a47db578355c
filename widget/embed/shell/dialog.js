/* SPDX-License-Identifier: MIT */
// The panel's frame: a native dialog, non-modal beside the page and modal on a small screen, its
// head, and who has the focus when it opens and closes.

import { el, icon, setText } from '../dom.js';

const SMALL = '(max-width: 480px)';
const CLOSE_ICON = 'M6 9l6 6 6-6';
const MENU_ICON = 'M5 12h.01M12 12h.01M19 12h.01';
const MARK_ICON = 'M4 5h16v11H9l-5 4V5z';

export const isSmall = () => matchMedia(SMALL).matches;

const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase();

/**
 * @param {object} options
 *   t, title   texts
 *   launcher   gets the focus back when the opener is gone
 *   root       where a dialog that is not modal stands
 *   announcer  speaks from inside a modal one
 *   full       it is all of the window, and always open
 *   onMenu     (toggles) the button for more was pressed, or is about to be
 *   onShow     (again) it is open: what is in it may measure itself
 *   onEscape   () true: it was for something inside
 *   onOpen, onClose
 */
export function createDialog({ t, title: text, launcher, root, announcer, full, onMenu, onShow, onEscape, onOpen, onClose }) {
  const title = el('h2', { id: 'tb-title', tabindex: -1 }, text);
  const sub = el('p', { class: 'sub' });
  const face = el('span', { class: 'face', 'aria-hidden': 'true' }, icon(MARK_ICON));
  const menuButton = el('button', {
    type: 'button', class: 'quiet', 'aria-label': t('menu'), 'aria-expanded': 'false', 'aria-controls': 'tb-menu',
    onclick: () => onMenu(true), onpointerenter: () => onMenu(), onfocus: () => onMenu(),
  }, icon(MENU_ICON));
  const closeButton = el('button', {
    type: 'button', class: 'quiet', 'aria-label': t('minimise'), hidden: full, onclick: close,
  }, icon(CLOSE_ICON));
  const node = el('dialog', {
    class: full ? 'panel full' : 'panel', 'aria-labelledby': 'tb-title', onkeydown: key, oncancel: cancel,
  }, el('div', { class: 'head' }, face, el('div', { class: 'titles' }, title, sub), menuButton, closeButton));
  const places = new Map(); /* scroll positions, by element */
  let opener = launcher;
  let shownName = '';

  root.append(node);
  globalThis.visualViewport?.addEventListener('resize', fit);
  node.addEventListener('scroll', ({ target }) => places.set(target, target.scrollTop), true);

  /* The panel is as high as what the on-screen keyboard leaves. */
  function fit() {
    const view = isSmall() && globalThis.visualViewport;

    node.style.height = view ? `${view.height}px` : '';
    node.style.top = view ? `${view.offsetTop}px` : '';
  }

  function key(event) {
    if (event.key !== 'Escape' || event.isComposing)
      return;
    event.preventDefault();
    if (!onEscape() && !full)
      close();
  }

  function cancel(event) {
    event.preventDefault();
    close();
  }

  /* Shows it and leaves the focus to whoever called. `again`: it was open, and stands elsewhere. */
  function show(again = false) {
    if (isSmall() && !full) {
      node.showModal();
      announcer.moveInto(node);
    } else {
      node.show();
    }
    fit();
    launcher.setAttribute('aria-expanded', 'true');
    onShow(again);
  }

  function hide() {
    node.close();
    announcer.moveInto(root);
  }

  function close() {
    if (!node.open)
      return;
    hide();
    launcher.setAttribute('aria-expanded', 'false');
    onClose();
    (opener?.isConnected && opener !== document.body ? opener : launcher).focus();
  }

  /* Nothing takes the focus from where it is. */
  function keepingFocus(work) {
    const focused = document.activeElement;

    work();
    if (focused === root.host || document.activeElement !== root.host)
      return;
    root.activeElement?.blur();
    focused?.focus?.({ preventScroll: true });
  }

  return {
    node,
    title,
    menuButton,
    get isOpen() {
      return node.open;
    },
    open(from) {
      opener = from ?? launcher;
      if (node.open)
        return;
      show();
      onOpen();
    },
    /** Open as before a change of page. */
    reopen() {
      if (!node.open && !isSmall())
        keepingFocus(() => show());
    },
    /** The page has put the widget elsewhere: what was read stays where it was. */
    moved() {
      for (const [element, top] of places)
        element.scrollTop = top;
      if (!node.open)
        return;
      keepingFocus(() => {
        hide();
        show(true);
      });
      for (const [element, top] of places)
        element.scrollTop = top;
    },
    /** Who is there, by name, and what is to be known below the title; `tone`: open, away or none. */
    tell(name, line, tone) {
      setText(sub, line);
      sub.hidden = line === '';
      sub.dataset.tone = tone;
      if (name === shownName)
        return;
      shownName = name;
      face.replaceChildren(name ? initials(name) : icon(MARK_ICON));
    },
    close,
    remove() {
      globalThis.visualViewport?.removeEventListener('resize', fit);
      announcer.moveInto(root);
      node.remove();
    },
  };
}
