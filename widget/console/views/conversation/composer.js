/* SPDX-License-Identifier: MIT */
// Reply, internal note, documentation page: three ways to write, each with its own draft, its
// own look and its own button, so that a note can never go out as a reply.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { enterSends, insideFence } from '../../../shared/enter.js';
import { safeUrl } from '../../../shared/md.js';
import { fenced, looksLikeCode } from '../../../shared/paste.js';
import { tellTyping } from '../../desk/conversation.js';
import { drafts } from '../../desk/drafts.js';
import { addNote, say, sendArticle, sendFile } from '../../desk/outgoing.js';
import { policy } from '../../desk/policy.js';
import { me } from '../../desk/state.js';
import { tellWriting } from '../../desk/viewing.js';
import { html } from '../../html.js';
import { addPaletteSource, findReplies } from '../../palette.js';
import { cannedValues, fillCanned, openPlaces } from '../../writing/canned.js';
import { SecretsDialog, fetchSecrets, secretsIn, withoutSecrets } from '../../writing/secrets.js';
import { parseSlash } from '../../writing/slash.js';
import { runSlash } from '../../writing/slash_run.js';
import { Markdown } from '../entry.js';
import { AttachButton, AttachedList, useAttached } from './attached.js';
import { SlashMenu, useSlashMenu } from './slash_menu.js';
import { SlashOutput } from './slash_output.js';

const TEXT_MAX = 8000;
const TYPING_EVERY_MS = 3000;
const MODES = {
  reply: { tab: 'Reply', label: 'Reply to the customer', send: 'Send', hint: 'Enter sends, Shift+Enter makes a new line. Type / for commands and replies.' },
  note: { tab: 'Internal note', label: 'Internal note, only agents see it', send: 'Add note', hint: 'The customer never sees this.' },
  article: { tab: 'Documentation', label: 'A sentence with it (optional)', send: 'Send page', hint: 'Sent as a card. Counts as answered with documentation.' },
};
const NAMES = Object.keys(MODES);

function Tabs({ mode, onMode, filled }) {
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];

    if (!step)
      return;
    event.preventDefault();
    const next = NAMES[(NAMES.indexOf(mode) + step + NAMES.length) % NAMES.length];
    onMode(next, { focus: false });
    event.currentTarget.querySelector(`#tab-${next}`).focus();
  }

  return html`
    <div class="modes" role="tablist" aria-label="What to write" onKeyDown=${move}>
      ${NAMES.map((name) => html`
        <button type="button" role="tab" id=${`tab-${name}`} class=${name} aria-selected=${mode === name ? 'true' : 'false'} aria-controls="composer-panel"
          tabindex=${mode === name ? 0 : -1} onClick=${() => onMode(name)}>${MODES[name].tab}${
          mode !== name && filled(name) && html`<span class="draft-mark"> (draft)</span>`}</button>`)}
    </div>`;
}

/* Shows under the text where names are still open: a text field cannot mark its own words. */
function Marks({ text, places, input }) {
  const box = useRef(null);
  const pieces = [];
  let from = 0;

  useLayoutEffect(() => {
    const follow = () => {
      if (box.current)
        box.current.scrollTop = input.current.scrollTop;
    };

    follow();
    input.current.addEventListener('scroll', follow);
    return () => input.current?.removeEventListener('scroll', follow);
  }, [text]);
  for (const { start, end } of places) {
    pieces.push(text.slice(from, start), html`<mark>${text.slice(start, end)}</mark>`);
    from = end;
  }
  return html`<div class="marks" aria-hidden="true" ref=${box}>${pieces}${text.slice(from)}${'\n'}</div>`;
}

const isLong = (text) => text.length > TEXT_MAX * 0.9;

/* The draft of one way to write: its text, and which names a ready-made reply left open. */
function useDrafts(chat, mode) {
  const [, redraw] = useState(0);
  const key = (name) => `${chat.number}:${name}`;
  const read = (name) => drafts.get(key(name));
  const open = drafts.get(`${key(mode)}:open`) || [];

  return {
    text: read(mode),
    open,
    has: (name) => read(name) !== '',
    change(text, more = []) {
      drafts.set(key(mode), text);
      drafts.set(`${key(mode)}:open`, text === '' ? null : [...new Set([...open, ...more])]);
      redraw((n) => n + 1);
    },
  };
}

/* Tells the customer that a reply is being written, and the colleagues that anything is. */
function useTyping(chat, mode) {
  const typedAt = useRef(0);

  useEffect(() => () => typedAt.current && tellTyping(chat, false), [chat]);
  return (on) => {
    tellWriting(on);
    if (mode !== 'reply' || (on ? Date.now() - typedAt.current < TYPING_EVERY_MS : typedAt.current === 0))
      return;
    typedAt.current = on ? Date.now() : 0;
    tellTyping(chat, on);
  };
}

/* Typed in, so that Ctrl+Z takes it back; older browsers only get the text. */
function insert(input, start, end, text) {
  input.focus();
  input.setSelectionRange(start, end);
  if (!document.execCommand('insertText', false, text)) {
    input.setRangeText(text, start, end, 'end');
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

export function Composer({ chat, mode, onMode, onDialog }) {
  const draft = useDrafts(chat, mode);
  const { text } = draft;
  const [url, setUrl] = useState('');
  const [error, setError] = useState('');
  const [output, setOutput] = useState(null);
  const [preview, setPreview] = useState(false);
  const [pasted, setPasted] = useState(null); /* {start, block, code} of the newest paste */
  const [caret, setCaret] = useState(text.length);
  const [chosen, setChosen] = useState(null); /* a reply of the palette that is still to be put in */
  const field = useRef(null);
  const first = useRef(null);
  const focuses = useRef(true);
  const typing = useTyping(chat, mode);
  const attached = useAttached(chat, setError);
  const files = mode === 'reply' ? attached.files : [];
  const [asking, setAsking] = useState(null); /* {body, kinds}: a secret seems to be in it */
  const words = MODES[mode];
  const places = openPlaces(text, draft.open);
  const menu = useSlashMenu({ text, caret, topic: chat.ticket.value.topic, enabled: mode !== 'article' && !preview, choose, back: () => field.current.focus() });

  useEffect(fetchSecrets, []);

  /* Into the text, but for who walks along the tabs or looks at the preview. */
  useLayoutEffect(() => {
    if (focuses.current)
      (first.current ?? field.current)?.focus({ preventScroll: true });
    focuses.current = true;
  }, [mode]);

  useLayoutEffect(() => {
    if (chosen === null || mode === 'article' || preview)
      return;
    setChosen(null);
    putReply(chosen, field.current.selectionStart, field.current.selectionEnd);
  }, [chosen, mode, preview]);

  const choice = useRef(null);
  choice.current = chooseReply;
  useLayoutEffect(() => addPaletteSource((sought) => findReplies(sought, chat.ticket.value.topic, (reply) => choice.current(reply))), [chat]);

  function turnTo(name, { focus = true } = {}) {
    focuses.current = focus;
    setPreview(false);
    setError('');
    setOutput(null);
    setPasted(null);
    onMode(name);
    if (focus && name === mode)
      field.current?.focus();
  }

  function change(value, more) {
    draft.change(value, more);
    typing(value !== '');
    if (value !== '')
      setError('');
  }

  function choose(option, slash) {
    if (option.kind === 'command') {
      if (option.command.run)
        return run({ kind: 'command', name: option.command.name, verb: '', words: '' });
      return insert(field.current, slash.start, caret, `${option.label} `);
    }
    return putReply(option.reply, slash.start, caret);
  }

  /* Filled in, in place of what is between; the first name that is left open is selected. */
  function putReply(reply, start, end) {
    const values = cannedValues({ ticket: chat.ticket.value, page: chat.page.value, agent: me.value, policy: policy.value });
    const { text: filled, open } = fillCanned(reply.text, values);

    insert(field.current, start, end, filled);
    const [place] = openPlaces(filled, open);

    change(field.current.value, open);
    if (place)
      field.current.setSelectionRange(start + place.start, start + place.end);
  }

  /* From the palette: where the text goes on, in a reply unless a note is being written. */
  function chooseReply(reply) {
    turnTo(mode === 'article' ? 'reply' : mode);
    setChosen(reply);
  }

  async function run(command) {
    try {
      const shown = await runSlash(chat, command, { onDialog, onMode });

      change('');
      setCaret(0);
      setOutput(shown);
    } catch (problem) {
      setOutput({ title: problem.message, kind: 'problem' });
    }
  }

  /* Code and logs go into a fence; Ctrl+Z, or the button, makes them plain text again. */
  function paste(event) {
    const code = event.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n');
    const { selectionStart: start, selectionEnd: end } = field.current;

    setPasted(null);
    if (mode === 'reply' && code === '' && event.clipboardData.files.length > 0) {
      event.preventDefault();
      attached.take([...event.clipboardData.files]);
      return;
    }
    if (mode === 'reply' && code.length > TEXT_MAX) {
      event.preventDefault();
      attached.paste(code);
      return;
    }
    if (mode === 'article' || insideFence(text.slice(0, start)) || !looksLikeCode(code))
      return;
    event.preventDefault();
    const lead = start > 0 && text[start - 1] !== '\n' ? '\n' : '';
    const block = `${lead}${fenced(code)}`;

    if (mode === 'reply' && text.length - (end - start) + block.length > TEXT_MAX) {
      attached.paste(code);
      return;
    }
    if (text.length - (end - start) + block.length > TEXT_MAX) {
      setError(`That is too long: a message has at most ${TEXT_MAX} characters. Paste a part of it.`);
      return;
    }
    insert(field.current, start, end, block);
    setPasted({ start, block, code });
  }

  function pasteAsText() {
    const { start, block, code } = pasted;

    setPasted(null);
    if (text.slice(start, start + block.length) === block)
      insert(field.current, start, start + block.length, code);
  }

  function send(body) {
    const kinds = secretsIn([body, ...files.map((file) => file.body)]);

    if (kinds.length > 0)
      setAsking({ body, kinds });
    else
      sendNow(body, files);
  }

  function answerAsking(choice) {
    const { body } = asking;

    setAsking(null);
    if (choice === 'keep')
      sendNow(body, files, true);
    else if (choice === 'remove')
      sendNow(withoutSecrets(body), files.map((file) => ({ ...file, body: withoutSecrets(file.body) })));
  }

  function drop(event) {
    const given = [...event.dataTransfer?.files ?? []];

    if (mode !== 'reply' || given.length === 0)
      return;
    event.preventDefault();
    attached.take(given);
  }

  function sendNow(body, sent, keep = false) {
    if (mode === 'note')
      addNote(chat, body);
    else if (body !== '')
      say(chat, body);
    for (const file of sent)
      sendFile(chat, file, keep);
    if (mode === 'reply')
      attached.clear();
    setOutput(null);
    setPasted(null);
    change('');
    setPreview(false);
  }

  function nextPlace() {
    const next = places.find(({ start }) => start >= field.current.selectionEnd) ?? places[0];

    field.current.focus();
    field.current.setSelectionRange(next.start, next.end);
  }

  function submitText() {
    const meant = parseSlash(text.trim());

    if (places.length > 0) {
      setError(`Fill in ${[...new Set(places.map(({ name }) => `{${name}}`))].join(', ')} before you send.`);
      setPreview(false);
      nextPlace();
    } else if (meant.kind === 'text') {
      send(meant.text);
    } else if (meant.kind === 'command') {
      run(meant);
    } else {
      setOutput({
        title: meant.kind === 'unknown' ? `There is no command /${meant.name}. Nothing was sent.` : `/${meant.name} needs more words. Nothing was sent.`,
        help: true, kind: 'problem', send: meant.kind === 'unknown' ? () => send(text.trim()) : null,
      });
    }
  }

  function submit(event) {
    event?.preventDefault();
    if (mode !== 'article') {
      if (text.trim() !== '')
        submitText();
      else if (files.length > 0)
        send('');
      return;
    }
    if (!safeUrl(url)) {
      setError('Paste the full address of the page, like https://...');
      first.current.focus();
      return;
    }
    sendArticle(chat, safeUrl(url), text.trim());
    setUrl('');
    change('');
    onMode('reply');
  }

  function keyDown(event) {
    if (!menu.onKeyDown(event) && enterSends(event))
      submit(event);
  }

  /* Out of the text, to where the single keys work; what else Escape closes has come first. */
  function leave(event) {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || !event.target.matches('input, textarea'))
      return;
    event.preventDefault();
    event.currentTarget.closest('.conversation').querySelector('[role="log"]').focus({ preventScroll: true });
  }

  const follow = (event) => setCaret(event.target.selectionStart);
  const described = [error && 'composer-error', 'composer-hint'].filter(Boolean).join(' ');

  return html`
    <form class="composer ${mode}" onSubmit=${submit} onKeyDown=${leave} onDragOver=${(event) => mode === 'reply' && event.preventDefault()} onDrop=${drop}>
      ${asking && html`<${SecretsDialog} kinds=${asking.kinds} note=${mode === 'note'} onChoose=${answerAsking} />`}
      <${SlashOutput} output=${output} onClose=${() => { setOutput(null); field.current?.focus(); }} />
      <${Tabs} mode=${mode} filled=${draft.has} onMode=${turnTo} />
      <div id="composer-panel" role="tabpanel" aria-labelledby=${`tab-${mode}`}>
        ${mode === 'article' && html`
          <label for="article-url">Address of the page</label>
          <input id="article-url" type="url" value=${url} ref=${first} placeholder="https://..." aria-describedby=${described}
            aria-invalid=${error ? 'true' : undefined} onInput=${(event) => setUrl(event.target.value)} />`}
        <label for="message" class=${mode === 'article' ? '' : 'unseen'}>${words.label}</label>
        ${preview
          ? html`<div class="preview" tabindex="0" role="group" aria-label="Preview"><${Markdown} text=${text} /></div>`
          : html`
            <div class="field">
              ${places.length > 0 && html`<${Marks} text=${text} places=${places} input=${field} />`}
              <textarea id="message" key=${mode} rows=${mode === 'article' ? 2 : 3} maxlength=${TEXT_MAX} value=${text} ref=${field}
                placeholder=${words.label} aria-describedby=${described} aria-invalid=${error && mode !== 'article' ? 'true' : undefined}
                ...${menu.attributes} onInput=${(event) => { change(event.target.value); follow(event); }}
                onSelect=${follow} onKeyUp=${follow} onClick=${follow} onKeyDown=${keyDown} onPaste=${paste} />
              <${SlashMenu} menu=${menu} />
            </div>`}
        <p class="error" id="composer-error" role="alert">${error}</p>
        ${mode === 'reply' && html`<${AttachedList} attached=${attached} />`}
        ${pasted && html`
          <p class="open-names" role="status">Pasted as a code block. <button type="button" class="plain" onClick=${pasteAsText}>Paste as text</button></p>`}
        ${places.length > 0 && html`
          <p class="open-names">To fill in: ${[...new Set(places.map(({ name }) => name))].map((name) => html`<code>${`{${name}}`}</code> `)}
            <button type="button" class="plain" onClick=${nextPlace}>Go to the next</button></p>`}
        <div class="foot">
          <p class=${isLong(text) ? 'muted counts' : 'muted'} id="composer-hint">${isLong(text) ? `${text.length} of ${TEXT_MAX} characters` : words.hint}</p>
          <span class="row">
            ${mode === 'reply' && html`<${AttachButton} onFiles=${attached.take} />`}
            <button type="button" aria-pressed=${preview ? 'true' : 'false'} disabled=${text.trim() === '' && !preview} onClick=${() => setPreview(!preview)}>Preview</button>
            <button class="primary">${words.send}</button>
          </span>
        </div>
      </div>
    </form>`;
}
