/* SPDX-License-Identifier: MIT */
// What the customer's page told of itself, as far as the customer let it.

import { useEffect, useState } from 'preact/hooks';

import { api } from '../../desk/api.js';
import { html } from '../../html.js';

const NAMES = {
  anchor: 'Section', project: 'Project', product: 'Product', version: 'Version', selection: 'Selected text', language: 'Language',
  zone: 'Time zone', viewport: 'Window', browser: 'Browser', referrer: 'Came from',
};

const text = (value) => (value.width ? `${value.width} × ${value.height}` : String(value));

export function Told({ context }) {
  const items = Object.entries(NAMES).filter(([name]) => context?.[name]);

  if (items.length === 0)
    return null;
  return html`
    <dl class="facts told">
      ${items.map(([name, label]) => html`<dt>${label}</dt><dd class=${name}>${text(context[name])}</dd>`)}
    </dl>`;
}

/* Of a chat that is open here. */
export function ToldOf({ number }) {
  const [context, setContext] = useState(null);

  useEffect(() => {
    let gone = false;

    api.get(`/tickets/${number}`).then((answer) => gone || setContext(answer.context), () => {});
    return () => {
      gone = true;
    };
  }, [number]);
  return html`<${Told} context=${context} />`;
}
