/* SPDX-License-Identifier: MIT */
// A view that is fetched when it is first opened, and what is shown until it is there.

import { useEffect, useState } from 'preact/hooks';

import { html } from '../html.js';

const PATIENCE_MS = 200;

/** Words for a wait; nothing at all for a short one. */
export function Loading({ text = 'Loading ...' }) {
  const [late, setLate] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return html`<div class="loading" role="status" aria-busy="true">${late && html`
    <span class="unseen">${text}</span><span class="bone wide"></span><span class="bone"></span><span class="bone short"></span>`}</div>`;
}

/** What went wrong, in words, and a way on. */
export function Failed({ error, again }) {
  const text = error.status === 403 ? `${error.message} Ask an administrator when you need it.` : error.message;

  return html`<p class="error" role="alert">${text} ${again && html`<button onClick=${again}>Try again</button>`}</p>`;
}

/** `inside`: it is a part of a view, not all of it. */
export function Lazy({ load, inside, ...rest }) {
  const [state, setState] = useState({});

  function fetch() {
    setState({});
    load().then((module) => setState({ View: module.View }),
      () => setState({ error: new Error('This part of the console could not be fetched.') }));
  }

  useEffect(fetch, []);
  if (state.View)
    return html`<${state.View} ...${rest} />`;
  const wait = state.error ? html`<${Failed} error=${state.error} again=${fetch} />` : html`<${Loading} />`;
  return inside ? wait : html`<main class="page">${wait}</main>`;
}

/* Why a ticket is where it is: for who asks, and below all else of a record. */
export function Why({ whole }) {
  return html`<${Lazy} load=${() => import('./record/why.js')} inside=${true} whole=${whole} />`;
}
