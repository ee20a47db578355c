/* SPDX-License-Identifier: MIT */
// One ticket: the whole transcript, its fields, who changed what and why.

import { useEffect, useState } from 'preact/hooks';

import { newId } from '../../../shared/ids.js';
import { api } from '../../desk/api.js';
import { chats, notify, ticketsChanged } from '../../desk/state.js';
import { html } from '../../html.js';
import { useNewest } from '../../newest.js';
import { href } from '../../router.js';
import { keepSame, sentPages } from '../../ticket/log_rows.js';
import { RESOLUTION, agentName, visitorName } from '../../ticket/names.js';
import { Priority, Sla, Status } from '../chip.js';
import { useLeftOut, useNodes } from '../entries.js';
import { Time } from '../entry.js';
import { Why } from '../lazy.js';
import { Viewers } from '../viewers.js';
import { Visitor } from './context.js';
import { Earlier } from './earlier.js';
import { Fields } from './fields.js';
import { Links } from './links.js';
import { Milestones } from './milestones.js';
import { ToldOf } from './told.js';

function useTicket(number) {
  const [result, setResult] = useState({ state: 'loading' });
  const newest = useNewest();
  const take = (answer) => setResult(({ messages = [] }) => ({ state: 'ready', ...answer, messages: keepSame(messages, answer.messages) }));
  const load = () => newest(api.get(`/tickets/${number}`), take, (error) => setResult({ state: 'error', error }));

  useEffect(() => {
    load();
  }, [number, ticketsChanged.value]);
  return { ...result, load };
}

const ENTRY_PX = 100; /* with its margin, before it was laid out: css/entry.css */

/* From its beginning, where the page opens. What is not drawn yet has its room, so that nothing below it moves. */
function Transcript({ ticket, messages }) {
  const node = useNodes(visitorName(ticket), sentPages(messages));
  const left = useLeftOut(messages.length);

  return html`
    <ol class="transcript" aria-busy=${left > 0 ? 'true' : undefined}>${messages.slice(0, messages.length - left).map((entry) => node(entry))}</ol>
    ${left > 0 && html`<div class="to-come" style=${{ height: `${left * ENTRY_PX}px` }}></div>`}`;
}

function Changes({ changes }) {
  if (changes.length === 0)
    return html`<p class="muted">Nothing has been changed yet.</p>`;
  return html`
    <div class="table" tabindex="0" role="region" aria-label="History of changes">
      <table class="changes">
        <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Why</th></tr></thead>
        <tbody>
          ${changes.map((change, i) => html`
            <tr key=${i}>
              <td><${Time} at=${change.at} /></td><td>${change.actor}</td><td>${change.field}</td>
              <td>${change.from || '-'}</td><td>${change.to || '-'}</td><td class="grow">${change.why || '-'}</td>
            </tr>`)}
        </tbody>
      </table>
    </div>`;
}

function NoteForm({ number, onAdded }) {
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const [id, setId] = useState(newId);

  async function submit(event) {
    event.preventDefault();
    if (text.trim() === '')
      return;
    try {
      await api.post(`/tickets/${number}/messages`, { kind: 'note', text: text.trim() }, id);
      setText('');
      setId(newId());
      setError('');
      notify('The note is added.');
      onAdded();
    } catch (problem) {
      setError(problem.message);
    }
  }

  return html`
    <form class="composer note" onSubmit=${submit}>
      <label for="ticket-note">Internal note, only agents see it</label>
      <textarea id="ticket-note" rows="2" value=${text} onInput=${(event) => setText(event.target.value)} />
      <p class="error" role="alert">${error}</p>
      <div class="foot"><p class="muted">The customer never sees this.</p><button class="primary">Add note</button></div>
    </form>`;
}

function Outcome({ ticket }) {
  return html`
    <dl class="facts">
      <dt>Agent</dt><dd>${agentName(ticket.agent) || 'nobody'}</dd>
      <dt>Tier</dt><dd>${ticket.tier}${ticket.needed_tier > ticket.tier && ` (Tier ${ticket.needed_tier} will have to solve it)`}</dd>
      ${ticket.first_response_due && html`<dt>First reply</dt><dd>by <${Time} at=${ticket.first_response_due} />${
        ticket.first_response_at && html`, given <${Time} at=${ticket.first_response_at} />`}</dd>`}
      ${ticket.resolution_due && html`<dt>Resolution</dt><dd>by <${Time} at=${ticket.resolution_due} /></dd>`}
      ${ticket.paused && !ticket.resolved_at && html`<dt>Clocks</dt><dd>paused: the customer's turn</dd>`}
      ${ticket.stale && html`<dt>Stale</dt><dd>nobody has done anything on it for long</dd>`}
      ${ticket.previous && html`<dt>Goes on from</dt><dd><a href=${href('tickets', ticket.previous)}>#${ticket.previous}</a></dd>`}
      ${ticket.parent && html`<dt>Part of</dt><dd><a href=${href('tickets', ticket.parent)}>#${ticket.parent}</a></dd>`}
      ${ticket.policy && html`<dt>Policy</dt><dd>version ${ticket.policy}</dd>`}
      ${ticket.resolution && html`<dt>Outcome</dt><dd>${RESOLUTION[ticket.resolution] ?? ticket.resolution}</dd>`}
      ${ticket.articles?.length > 0 && html`<dt>Articles</dt><dd>${ticket.articles.map((url) => html`<div>${url}</div>`)}</dd>`}
      ${ticket.rating > 0 && html`<dt>Rating</dt><dd>${ticket.rating} of 5</dd>`}
    </dl>`;
}

/** `inside`: within the main landmark of a view, which has only one. `head`: (ticket) => what stands above it. */
export function TicketView({ id, inside = false, head }) {
  const [Main, Side] = inside ? ['section', 'section'] : ['main', 'aside'];
  const { state, ticket, messages = [], changes = [], error, load } = useTicket(id);

  if (state === 'loading')
    return html`<${Main} class="page"><p role="status">Loading ...</p></${Main}>`;
  if (state === 'error') {
    return html`
      <${Main} class="page"><h1>Ticket #${id}</h1>
        <p class="error" role="alert">${error.status === 404 ? `There is no ticket #${id}.` : error.message}</p>
        <p><a href=${href('tickets')}>All tickets</a></p></${Main}>`;
  }
  return html`
    ${head?.(ticket)}
    <div class="ticket">
      <${Main} class="page">
        <p class="crumbs"><a href=${href('tickets')}>Tickets</a></p>
        <h1>#${ticket.number} ${ticket.title}</h1>
        <p class="chips"><${Status} ticket=${ticket} /> <${Priority} ticket=${ticket} /> <${Sla} ticket=${ticket} />
          ${chats.value.has(ticket.number) && html` <a href=${href('inbox', ticket.number)}>Open in the inbox</a>`}</p>
        <${Viewers} number=${ticket.number} />
        <h2>Transcript</h2>
        <${Transcript} ticket=${ticket} messages=${messages} />
        <${NoteForm} number=${ticket.number} onAdded=${load} />
        <h2>Why</h2>
        <${Why} whole=${{ ticket, changes, messages }} />
        <h2>History</h2>
        <${Changes} changes=${changes} />
      </${Main}>
      <${Side} class="context" aria-label="About this ticket">
        <h2>Customer</h2>
        <${Visitor} ticket=${ticket} />
        <${ToldOf} number=${ticket.number} />
        <h2>State</h2>
        <${Outcome} ticket=${ticket} />
        <${Milestones} ticket=${ticket} onSaved=${load} />
        <h2>Fields</h2>
        <${Fields} ticket=${ticket} onSaved=${load} />
        <h2>Links</h2>
        <${Links} ticket=${ticket} onSaved=${load} />
        <h2>Earlier</h2>
        <${Earlier} ticket=${ticket} />
      </${Side}>
    </div>`;
}
