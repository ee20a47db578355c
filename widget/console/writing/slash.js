/* SPDX-License-Identifier: MIT */
// Commands in the composer, as the first support bot had them.
//
// One rule says what a slash is: a message that begins with a slash, letters and then a space or its
// end is meant as a command. One that is not known is answered with help and is not sent. Anything
// else is text: /usr/bin/env has a second slash, /v1/users a digit, and two slashes (//etc) or
// a backslash (\/etc) in front send the rest as it stands.

/** args: what is written after it; run: works without any, so that choosing it does it at once. */
export const COMMANDS = [
  { name: 'track', args: '', run: true, help: 'say since when this chat is on record, and what is due' },
  { name: 'title', args: 'words', help: 'give the ticket a title' },
  { name: 'category', args: 'add, list or remove, words', help: 'tags of the ticket' },
  { name: 'link', args: 'add, list or remove, address or words', help: 'pages and other things that were named' },
  { name: 'resolve', args: '', run: true, help: 'close the ticket' },
  { name: 'note', args: 'words', help: 'add an internal note' },
  { name: 'escalate', args: 'reason', run: true, help: 'hand it up a tier' },
  { name: 'transfer', args: 'note', run: true, help: 'hand it to somebody else' },
  { name: 'help', args: '', run: true, help: 'show these commands' },
];

const SHAPE = /^\/([a-z]+)(?:\s+([^]*))?$/i;
const LISTS = { category: 'category', categories: 'category', link: 'link', links: 'link' };
const VERBS = ['add', 'list', 'remove'];

/* "/add category x" and "/list links" is how the first bot was spoken to. */
function oldOrder(verb, rest) {
  const [, noun = '', words = ''] = /^(\S*)\s*([^]*)$/.exec(rest);

  return LISTS[noun.toLowerCase()] ? { kind: 'command', name: LISTS[noun.toLowerCase()], verb, words: words.trim() } : null;
}

function listCommand(name, rest) {
  const [, verb = '', words = ''] = /^(\S*)\s*([^]*)$/.exec(rest);
  const known = verb === '' ? 'list' : verb.toLowerCase();

  return VERBS.includes(known) && (known === 'list' || words.trim() !== '')
    ? { kind: 'command', name, verb: known, words: words.trim() }
    : { kind: 'incomplete', name };
}

/**
 * What a message is: {kind: 'text', text}, {kind: 'command', name, verb, words},
 * {kind: 'incomplete', name}: something is missing after it, or {kind: 'unknown', name}.
 */
export function parseSlash(message) {
  if (/^(\/\/|\\\/)/.test(message))
    return { kind: 'text', text: message.slice(1) };
  const shape = SHAPE.exec(message.trimEnd());
  if (!shape)
    return { kind: 'text', text: message };
  const name = shape[1].toLowerCase();
  const rest = (shape[2] ?? '').trim();
  const old = VERBS.includes(name) ? oldOrder(name, rest) : null;

  if (old)
    return old;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command)
    return { kind: 'unknown', name };
  if (LISTS[name])
    return listCommand(name, rest);
  if (command.args !== '' && !command.run && rest === '')
    return { kind: 'incomplete', name };
  return { kind: 'command', name, verb: '', words: rest };
}

export const findCommands = (query) => COMMANDS.filter(({ name }) => name.startsWith(query));
