/* SPDX-License-Identifier: MIT */
// Shortcuts: one table, and who carries each of them out right now. Views provide actions while
// they are on screen; `?` and the palette list what is here. Keys without Ctrl, Cmd or Alt never
// act while somebody types, and all of them can be turned off or put on other keys.

import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { prefs } from './prefs.js';

const SEQUENCE_MS = 1500;
const WRITES = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="textbox"]';
const IDLE_INPUTS = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range', 'color']);

/* [id, keys, what it does, group] */
const TABLE = [
  ['palette', 'Mod+k', 'Commands, tickets, ready-made replies', 'Anywhere'],
  ['search', '/', 'Search', 'Anywhere'],
  ['help', '?', 'List of shortcuts', 'Anywhere'],
  ['goInbox', 'g i', 'Go to the inbox', 'Anywhere'],
  ['goTickets', 'g t', 'Go to the tickets', 'Anywhere'],
  ['goCustomers', 'g c', 'Go to the customers', 'Anywhere'],
  ['goWall', 'g w', 'Go to the wall', 'Anywhere'],
  ['goSettings', 'g s', 'Go to the settings', 'Anywhere'],
  ['accept', 'a', 'Accept the offered chat', 'Offers'],
  ['decline', 'A', 'Decline the offered chat', 'Offers'],
  ['down', 'j', 'Next in the list', 'Lists'],
  ['up', 'k', 'Previous in the list', 'Lists'],
  ['open', 'Enter', 'Open what is selected', 'Lists'],
  ['list', 'Escape', 'Out of the text, then to the list', 'Lists'],
  ['select', 'x', 'Read along, or stop', 'Lists'],
  ['update', 'u', 'Show what is new in the list', 'Lists'],
  ['tabBefore', '[', 'Previous list', 'Lists'],
  ['tabNext', ']', 'Next list', 'Lists'],
  ['riskUp', 'Alt+ArrowUp', 'Previous chat at risk', 'Lists'],
  ['riskDown', 'Alt+ArrowDown', 'Next chat at risk', 'Lists'],
  ['assign', '=', 'Assign to me', 'Conversation'],
  ['reply', 'r', 'Write a reply', 'Conversation'],
  ['note', 'n', 'Write an internal note', 'Conversation'],
  ['transfer', 't', 'Transfer', 'Conversation'],
  ['escalate', 'e', 'Escalate', 'Conversation'],
  ['snooze', 's', 'Wait for the customer', 'Conversation'],
  ['close', '#', 'Close', 'Conversation'],
  ['docs', 'd', 'Send a documentation page', 'Conversation'],
  ['send', 'Mod+Enter', 'Send what is written', 'Conversation'],
];

/** [{id, keys, label, group}], as they come. */
export const SHORTCUTS = TABLE.map(([id, keys, label, group]) => ({ id, keys, label, group }));

/* The browser's and the fields' own; listed, not ours to put elsewhere. */
export const FIXED = new Set(['open', 'send']);

const byId = new Map(SHORTCUTS.map((shortcut) => [shortcut.id, shortcut]));

/** The keys of a shortcut as this agent has them; "" when it is off. */
export const keysOf = (id, chosen = prefs.value.keys) => chosen[id] ?? byId.get(id)?.keys ?? '';

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
const NAMES = { Mod: isMac ? '⌘' : 'Ctrl', Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', ' ': 'Space' };

/** As it is printed on the keys: "Ctrl + K", "G then I". */
export function keyText(keys) {
  const stroke = (one) => one.split('+').map((part) => NAMES[part] ?? (/^[a-z]$/.test(part) ? part.toUpperCase() : /^[A-Z]$/.test(part) ? `Shift + ${part}` : part)).join(' + ');

  return keys === '' ? 'off' : keys.split(' ').map(stroke).join(' then ');
}

/** A key event as the table writes it, or null for a modifier alone. */
export function strokeOf(event) {
  if (['Shift', 'Control', 'Alt', 'Meta', 'Dead', 'Unidentified'].includes(event.key))
    return null;
  const mod = event.ctrlKey || event.metaKey;
  const plain = mod && event.key.length === 1 ? event.key.toLowerCase() : event.key;

  return [mod && 'Mod', event.altKey && 'Alt', event.shiftKey && (mod || event.altKey || plain.length > 1) && 'Shift', plain]
    .filter(Boolean).join('+');
}

/** Does a stroke work while somebody types? Only with Ctrl, Cmd or Alt. */
export const isChord = (stroke) => /^(Mod|Alt)\+/.test(stroke);

/** Does the event come from where people write? Looks through shadow roots. */
export function isWriting(event) {
  const [target] = event.composedPath?.() ?? [event.target];

  return Boolean(target?.matches?.(WRITES)) && !IDLE_INPUTS.has(target.type);
}

/** Another shortcut that has these keys, or begins or ends theirs; null: they are free. */
export function clash(id, keys, chosen = prefs.value.keys) {
  const begins = (a, b) => a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);

  return SHORTCUTS.find((other) => {
    const theirs = keysOf(other.id, chosen);
    return other.id !== id && theirs !== '' && keys !== '' && begins(theirs, keys);
  }) ?? null;
}

/** Which shortcut strokes lead to: {id}, {partial: true} in the midst of one, or {}. */
export function lookUp(strokes, chosen = prefs.value.keys) {
  const text = strokes.join(' ');
  let partial = false;

  for (const { id } of SHORTCUTS) {
    const keys = keysOf(id, chosen);
    if (keys === text)
      return { id };
    partial ||= keys.startsWith(`${text} `);
  }
  return { partial };
}

/* ---- who carries them out ---- */

const providers = new Map();
/** Changes with what can be done now. */
export const provided = signal(0);

/** The newest provider of an action has it; the answer takes it back. */
export function provide(id, act) {
  const item = { act };

  providers.set(id, [...providers.get(id) ?? [], item]);
  provided.value = provided.peek() + 1;
  return () => {
    providers.set(id, providers.get(id).filter((other) => other !== item));
    provided.value = provided.peek() + 1;
  };
}

export const canDo = (id) => (providers.get(id)?.length ?? 0) > 0;

export function perform(id) {
  const list = providers.get(id) ?? [];

  if (list.length === 0)
    return false;
  list[list.length - 1].act();
  return true;
}

/** In a view: what it does for some shortcuts, as {id: function}, while it is on screen. */
export function useShortcuts(actions) {
  const latest = useRef(actions);
  const ids = Object.keys(actions).filter((id) => actions[id]).join(' ');

  latest.current = actions;
  useLayoutEffect(() => {
    const undo = ids.split(' ').filter(Boolean).map((id) => provide(id, () => latest.current[id]?.()));
    return () => undo.forEach((off) => off());
  }, [ids]);
}

/* ---- the keyboard ---- */

let strokes = [];
let timer = 0;

function forget() {
  strokes = [];
}

/* A dialog or a menu has the keyboard to itself; only its own keys work there. */
const isModal = () => Boolean(globalThis.document?.querySelector('dialog:modal, :popover-open'));

export function onKeyDown(event) {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || isModal())
    return;
  const stroke = strokeOf(event);

  if (!stroke || (!isChord(stroke) && (!prefs.value.shortcuts || isWriting(event))))
    return;
  strokes.push(stroke);
  clearTimeout(timer);
  timer = setTimeout(forget, SEQUENCE_MS);
  let found = lookUp(strokes);
  if (!found.id && !found.partial && strokes.length > 1) {
    strokes = [stroke];
    found = lookUp(strokes);
  }
  if (found.partial)
    return;
  forget();
  if (found.id && !FIXED.has(found.id) && perform(found.id))
    event.preventDefault();
}

export function listen() {
  addEventListener('keydown', onKeyDown);
}
