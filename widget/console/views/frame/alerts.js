/* SPDX-License-Identifier: MIT */
// Pages that nobody has acknowledged yet, above everything else.

import { clock } from '../../../shared/time.js';
import { acknowledge } from '../../desk/alerts.js';
import { alerts, drop, me, notify } from '../../desk/state.js';
import { html } from '../../html.js';
import { href } from '../../router.js';

async function take(number) {
  try {
    await acknowledge(number);
  } catch (error) {
    notify(`Ticket #${number}: ${error.message}`, 'error');
  }
  drop(alerts, number);
}

/* What the desk says of an emergency, in the reader's own time. */
function whyText(why) {
  const [, date, time, attempt] = /^an emergency since (\S+) (\S+) UTC, attempt (\d+)$/.exec(why) ?? [];

  return attempt ? `since ${clock(Date.parse(`${date}T${time}Z`))}, call ${attempt}` : why;
}

export function Alerts() {
  const list = [...alerts.value.values()];
  const mayTake = (alert) => !alert.emergency || me.value.tier === 3 || me.value.role !== 'agent';

  return html`
    <section class="alerts" aria-label="Pages">
      <p class="unseen" role="alert">${list.map((alert) => `Page for ticket ${alert.ticket}: ${whyText(alert.why)}.`).join(' ')}</p>
      ${list.map((alert) => html`
        <div class="warning" key=${alert.ticket}>
          <p><b>${alert.emergency ? 'Emergency' : 'Page'}: <a href=${href('tickets', alert.ticket)}>ticket #${alert.ticket}</a></b> ${whyText(alert.why)}.
            <span class="muted"> ${alert.to && `Calling ${alert.to}. `}${alert.rule && `Rule ${alert.rule}.`}</span></p>
          <div class="actions">
            ${mayTake(alert) && html`<button class="primary" onClick=${() => take(alert.ticket)}>I am on it</button>`}
            <button onClick=${() => drop(alerts, alert.ticket)}>Hide</button>
          </div>
        </div>`)}
    </section>`;
}
