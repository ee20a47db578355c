/* SPDX-License-Identifier: MIT */
// The policy that the desk runs by, as it is published: hours, promises, tiers, rules.

import { useEffect, useState } from 'preact/hooks';

import { fullTime } from '../../../shared/time.js';
import { api } from '../../desk/api.js';
import { html } from '../../html.js';
import { promiseText } from '../../ticket/handover.js';
import { PRIORITY } from '../../ticket/names.js';
import { Failed, Loading } from '../lazy.js';
import { SettingsTabs } from './settings_tabs.js';

function usePolicy() {
  const [state, setState] = useState({});
  const again = () => {
    setState({});
    api.get('/policy').then((policy) => setState({ policy }), (error) => setState({ error }));
  };

  useEffect(again, []);
  return { ...state, again };
}

const promise = (target) => promiseText(target) ?? '–';

function Hours({ policy }) {
  return html`
    <section><h2>Now</h2>
      <dl class="facts"><dt>Version</dt><dd>${policy.version}</dd>
        <dt>The chat</dt><dd>${policy.open ? 'is open' : 'is closed'}${policy.limited ? ', with limited support' : ''}${
          policy.open && policy.closes_at ? `, until ${fullTime(policy.closes_at)}` : ''}${!policy.open && policy.opens_at ? `, opens ${fullTime(policy.opens_at)}` : ''}</dd></dl>
    </section>`;
}

function Channels({ channels }) {
  return html`
    <section><h2>What is promised</h2>
      ${channels.map(({ id, name, scope, targets }) => html`
        <div class="table" key=${id} tabindex="0" role="region" aria-label="Promises, ${name}"><table>
          <caption>${name} <span class="muted">${scope}</span></caption>
          <thead><tr><th scope="col">Priority</th><th scope="col">First reply</th><th scope="col">Resolution</th></tr></thead>
          <tbody>${Object.entries(targets).map(([priority, target]) => html`
            <tr key=${priority}><th scope="row">${PRIORITY[priority]}</th><td>${promise(target.first_response)}</td><td>${promise(target.resolution)}</td></tr>`)}</tbody>
        </table></div>`)}
    </section>`;
}

/* Only administrators are told. What was refused changed nothing: the policy below still holds. */
function LastReload({ reload }) {
  if (!reload)
    return null;
  const { at, ok, message, mistakes, errors } = reload;
  const more = mistakes - errors.filter(({ warning }) => !warning).length;

  return html`
    <section aria-label="The last reload"><h2>The last reload</h2>
      <p class=${ok ? 'muted' : 'error'}>${ok ? `Read again ${fullTime(at)}, and it holds.`
        : `Refused ${fullTime(at)}: ${message}. What is below still holds.`}</p>
      ${errors.length > 0 && html`
        <ul class="bullets">${errors.map(({ path, message: what, warning }, i) => html`
          <li key=${i}><code>${path}</code> ${warning && 'Warning: '}${what}</li>`)}
          ${more > 0 && html`<li>and ${more} more</li>`}</ul>`}
    </section>`;
}

/* Which tickets: "Critical priority; Security". */
function which({ priorities, topics, by_rule_only: byRule }, known) {
  const names = topics.map((id) => known?.find((topic) => topic.id === id)?.name ?? id);
  const parts = [priorities.map((priority) => PRIORITY[priority]).join(' or '), names.join(' or ')].filter(Boolean);

  return byRule ? 'when a rule starts it' : parts.join('; ');
}

function Milestones({ milestones = [], topics }) {
  return milestones.length > 0 && html`
    <section><h2>Before the resolution</h2>
      <dl class="facts">${milestones.map(({ id, name, about, within, ...rest }) => html`
        <dt key=${id}>${name}</dt><dd>within ${promise(within)} (${which(rest, topics)})${about && html` <span class="muted">${about}</span>`}</dd>`)}</dl>
    </section>`;
}

const contactText = ({ name, email, phone }) => [name, email, phone].filter(Boolean).join(', ');

function Tiers({ tiers = [] }) {
  return html`
    <section><h2>Tiers and who is on duty</h2>
      ${tiers.map((tier) => html`
        <div class="tier" key=${tier.tier}><h3>Tier ${tier.tier}${tier.name ? `, ${tier.name}` : ''}</h3>
          <p>${tier.role}</p>
          <ul class="bullets">${tier.contacts.map((contact) => html`<li key=${contact.id}>${contactText(contact)}${
            contact.id === tier.on_duty && html` <span class="chip">On duty now</span>`}</li>`)}</ul>
          ${tier.criteria?.length > 0 && html`<p>A ticket goes there when:</p><ul class="bullets">${tier.criteria.map((line) => html`<li>${line}</li>`)}</ul>`}
        </div>`)}
    </section>`;
}

function Rules({ rules = [] }) {
  return html`
    <section><h2>Rules</h2>
      <ul class="bullets">${rules.map((rule) => html`<li key=${rule.id}><b>${rule.id} ${rule.title}.</b> ${rule.criterion}</li>`)}</ul></section>`;
}

export function View() {
  const { policy, error, again } = usePolicy();

  return html`
    <main class="page settings policy">
      <h1>Support policy</h1>
      <${SettingsTabs} />
      ${error ? html`<${Failed} error=${error} again=${again} />` : !policy ? html`<${Loading} />` : html`
        <p><a href="/help/policy" target="_blank" rel="noopener">The support guide</a> tells it in sentences. It is changed in the policy file, not here.</p>
        <${LastReload} reload=${policy.last_reload} /><${Hours} policy=${policy} /><${Channels} channels=${policy.channels} /><${Milestones} milestones=${policy.milestones} topics=${policy.topics} /><${Tiers} tiers=${policy.tiers} /><${Rules} rules=${policy.rules} />`}
    </main>`;
}
