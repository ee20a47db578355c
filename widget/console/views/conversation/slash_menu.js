/* SPDX-License-Identifier: MIT */
// The list that a slash opens in the composer: commands at the start of a message, ready-made replies
// at the start of any line or after a space. Nothing matches, or Esc: it is only a slash.

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

import { policy } from '../../desk/policy.js';
import { html } from '../../html.js';
import { findCanned, findSlash } from '../../writing/canned.js';
import { findCommands } from '../../writing/slash.js';

export const MENU_ID = 'slash-menu';
const optionId = (at) => `${MENU_ID}-${at}`;

function optionsFor(slash, before, topic) {
  if (!slash)
    return [];
  const commands = before.trim() === '' && slash.start === before.length ? findCommands(slash.query) : [];

  return [
    ...commands.map((command) => ({ kind: 'command', key: `/${command.name}`, label: `/${command.name}`, args: command.args, help: command.help, command })),
    ...findCanned(policy.value?.canned ?? [], slash.query, topic)
      .map((reply) => ({ kind: 'reply', key: reply.id, label: reply.title, help: reply.text, reply })),
  ];
}

/**
 * What the composer needs of the list. `choose(option, slash)` puts in what was chosen, `back()` goes
 * on in the text: the list scrolls, so it can have the focus, and has nothing to do with it.
 * The result: {open, options, at, attributes of the text field, onKeyDown: true when it took the key}.
 */
export function useSlashMenu({ text, caret, topic, enabled, choose, back }) {
  const [at, setAt] = useState(0);
  const [closedAt, setClosedAt] = useState(-1); /* Esc keeps the slash, and the list away from it */
  const slash = enabled ? findSlash(text, caret) : null;
  const options = optionsFor(slash, text.slice(0, slash?.start ?? 0), topic);
  const open = options.length > 0 && slash.start !== closedAt;
  const current = Math.min(at, options.length - 1);

  /* Before the next key: Enter takes what is first for the words as they are now. */
  useLayoutEffect(() => setAt(0), [slash?.query, slash?.start]);
  useLayoutEffect(() => {
    if (!slash)
      setClosedAt(-1);
  }, [slash === null]);

  const keys = {
    ArrowDown: () => setAt((current + 1) % options.length),
    ArrowUp: () => setAt((current + options.length - 1) % options.length),
    Enter: () => choose(options[current], slash),
    Tab: () => choose(options[current], slash),
    Escape: () => setClosedAt(slash.start),
  };

  function onKeyDown(event) {
    if (!open || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
      return false;
    const act = keys[event.key];

    if (!act)
      return false;
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  }

  return {
    open, options, at: current, onKeyDown, back,
    choose: (option) => choose(option, slash),
    attributes: open
      ? { 'aria-autocomplete': 'list', 'aria-controls': MENU_ID, 'aria-activedescendant': optionId(current) }
      : { 'aria-autocomplete': 'list' },
  };
}

export function SlashMenu({ menu }) {
  useEffect(() => {
    if (menu.open)
      document.getElementById(optionId(menu.at))?.scrollIntoView({ block: 'nearest' });
  }, [menu.open, menu.at]);

  return html`
    <p class="unseen" role="status">${menu.open ? `${menu.options.length} suggestions. Up and Down choose, Enter takes one, Escape keeps the slash.` : ''}</p>
    ${menu.open && html`
      <ul class="slash-menu" id=${MENU_ID} role="listbox" aria-label="Commands and ready-made replies"
        tabindex="0" onFocus=${menu.back}>
        ${menu.options.map((option, i) => html`
          <li key=${option.key} id=${optionId(i)} role="option" aria-selected=${i === menu.at ? 'true' : 'false'}
            onMouseDown=${(event) => event.preventDefault()} onClick=${() => menu.choose(option)}>
            <b>${option.label}</b>${option.args && html` <span class="muted">${option.args}</span>`}
            <span class="what">${option.help}</span>
          </li>`)}
      </ul>`}`;
}
