/* SPDX-License-Identifier: MIT */
// What the visitor may set: a window of its own, sound, keys, language, theme, and the end of
// the chat. A part of its own (shell/parts.js).

import strings from '../../shared/strings/en.menu.json';
import css from './menu.css';

export { css };

const LANGUAGES = { en: 'English', es: 'Español' };
const THEMES = ['auto', 'light', 'dark'];

export function create(kit) {
  const { t, el, prefs } = kit;

  t.add(strings);
  const popOut = el('button', { type: 'button', class: 'item', onclick: () => kit.popOut(refused) }, t('menu.popout'));
  const blocked = el('p', { class: 'field-error', role: 'alert', hidden: true }, t('menu.popout.blocked'));
  const notify = toggle('notify', allow);
  const refusedNotice = el('p', { class: 'field-error', role: 'alert', hidden: true }, t('menu.notify.blocked'));
  const end = el('button', { type: 'button', class: 'item danger', onclick: askToEnd }, t('menu.end'));
  const theme = choice('theme', THEMES.map((value) => [value, t(`menu.theme.${value}`)]), prefs.get('theme'));
  const language = choice('locale', Object.entries(LANGUAGES), t.locale);
  const node = el('div', { class: 'menu', id: 'tb-menu', role: 'group', tabindex: -1, 'aria-label': t('menu'), hidden: true, onfocusout: left },
    popOut, blocked, toggle('sound'), notify, refusedNotice, toggle('enter'), language.node, theme.node, end);

  function toggle(name, may) {
    const box = el('input', {
      type: 'checkbox', role: 'switch', checked: prefs.get(name),
      onchange: () => (may && box.checked ? may(box) : kit.prefer(name, box.checked)),
    });

    return el('label', { class: 'item' }, el('span', {}, t(`menu.${name}`)), box);
  }

  /* Only a press of the visitor makes the browser ask. */
  function allow(box) {
    kit.load('notice', async (notice) => {
      box.checked = await notice.allow();
      refusedNotice.hidden = box.checked;
      kit.prefer('notify', box.checked);
    });
  }

  function choice(name, options, now) {
    const select = el('select', { onchange: () => kit.prefer(name, select.value) },
      ...options.map(([value, text]) => el('option', { value, lang: name === 'locale' && value }, text)));

    select.value = now;
    return { select, node: el('label', { class: 'item' }, el('span', {}, t(`menu.${name}`)), select) };
  }

  function refused() {
    blocked.hidden = false;
  }

  function askToEnd() {
    close(false);
    kit.askToEnd();
  }

  /* Whoever tabs on has left it. */
  function left({ relatedTarget }) {
    if (!node.contains(relatedTarget) && relatedTarget !== kit.menuButton())
      close(false);
  }

  function expanded(on) {
    node.hidden = !on;
    kit.menuButton().setAttribute('aria-expanded', String(on));
  }

  function close(back) {
    if (node.hidden)
      return false;
    expanded(false);
    if (back)
      kit.menuButton().focus();
    return true;
  }

  return {
    node,
    toggle() {
      if (close(true))
        return;
      popOut.hidden = !kit.canPopOut();
      blocked.hidden = true;
      refusedNotice.hidden = true;
      notify.hidden = !('Notification' in globalThis);
      if (!notify.hidden)
        kit.load('notice');
      end.hidden = !kit.canEnd();
      theme.select.value = prefs.get('theme');
      language.select.value = t.locale;
      expanded(true);
      node.querySelector('button:not([hidden]), input').focus();
    },
    close,
    contains: (target) => node.contains(target),
  };
}
