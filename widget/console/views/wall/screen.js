/* SPDX-License-Identifier: MIT */
// The wall on a screen in the room: figures alone, large, without navigation and without anybody's
// name. Who opens the link that an administrator made needs no login; the token comes in the
// fragment, which no server sees, and is taken out of the address at once.

import { useEffect, useState } from 'preact/hooks';

import { span } from '../../../shared/time.js';
import { seconds, setServerTime } from '../../clock.js';
import { html } from '../../html.js';
import { Icon } from '../../icons.js';
import { route } from '../../router.js';
import { STALE_MS, WALL_EVERY_MS } from '../../ticket/figures.js';
import { PRIORITY } from '../../ticket/names.js';
import { Tile, Tiles } from './tiles.js';

const KEY = 'tierbell:screen';
const PATIENCE_MS = 8000;

/* A screen that starts anew after a power cut has its token still. */
function takeToken() {
  const { token } = route.value.query;

  try {
    if (token) {
      localStorage.setItem(KEY, token);
      history.replaceState(null, '', '#/screen');
    }
    return token ?? localStorage.getItem(KEY);
  } catch {
    return token ?? null; /* storage is blocked: the address keeps it */
  }
}

function forgetToken() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    /* there is nothing to forget */
  }
}

/** The figures; throws {status} when there is an answer without them. */
async function fetchWall(token) {
  const response = await fetch('/api/v1/wall', {
    credentials: token ? 'omit' : 'same-origin',
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    signal: AbortSignal.timeout(PATIENCE_MS),
  });

  if (!response.ok)
    throw Object.assign(new Error(), { status: response.status });
  return response.json();
}

function useWall(token) {
  const [state, setState] = useState({});

  useEffect(() => {
    let timer = 0;
    let alive = true;

    async function ask() {
      try {
        const wall = await fetchWall(token);

        setServerTime(wall.at);
        if (alive)
          setState({ wall });
      } catch ({ status }) {
        if (status === 401 && token)
          forgetToken();
        if (alive)
          setState((before) => ({ ...before, lost: true, ended: status === 401 }));
        if (status === 401)
          return;
      }
      if (alive)
        timer = setTimeout(ask, WALL_EVERY_MS);
    }

    ask();
    return () => {
      alive = false;
      clearTimeout(timer);
    };
  }, [token]);
  return state;
}

const orDash = (value) => value ?? '–';

function Figures({ wall }) {
  return html`
    <${Tiles} wall=${wall}>
      <${Tile} label="Emergencies" value=${wall.emergencies} alarm=${wall.emergencies > 0} />
      <${Tile} label="Open" value=${wall.open} />
    </${Tiles}>
    <div class="screen-two">
      <table><caption>Agents</caption>
        <thead><tr><th scope="col">Tier</th><th scope="col">Waiting</th><th scope="col">Available</th><th scope="col">Busy</th><th scope="col">Away</th><th scope="col">Chats</th></tr></thead>
        <tbody>${wall.tiers.map((tier) => html`
          <tr key=${tier.tier}><th scope="row">Tier ${tier.tier}</th><td>${tier.waiting}</td><td>${orDash(tier.available)}</td><td>${orDash(tier.busy)}</td><td>${orDash(tier.away)}</td>
            <td>${tier.load === null ? '–' : `${tier.load}/${tier.capacity}`}</td></tr>`)}</tbody></table>
      <table><caption>Open by priority</caption>
        <thead><tr><th scope="col">Priority</th><th scope="col">Open</th></tr></thead>
        <tbody>${Object.entries(wall.by_priority).reverse().map(([priority, count]) => html`
          <tr key=${priority}><th scope="row">${PRIORITY[priority] ?? priority}</th><td>${count}</td></tr>`)}</tbody></table>
    </div>`;
}

export function View() {
  const [token] = useState(takeToken);
  const { wall, lost, ended } = useWall(token);
  const age = wall ? seconds.value - wall.at : 0;

  if (ended)
    return html`<main class="screen"><h1>Support</h1><p class="error" role="alert">This screen may not read the figures (any more). An administrator makes a link for it, in the settings of the console.</p></main>`;
  if (!wall)
    return html`<main class="screen"><h1>Support</h1><p class=${lost ? 'error' : 'muted'} role="status">${lost ? 'The server does not answer. It is asked again every two seconds.' : 'Loading ...'}</p></main>`;
  return html`
    <main class="screen ${lost ? 'stale' : ''}">
      <h1>Support</h1>
      <div role="status">${(lost || age > STALE_MS) && html`<p class="error"><${Icon} name="late" /> No connection. <span aria-live="off">These figures are ${span(Math.max(0, age))} old.</span></p>`}</div>
      <${Figures} wall=${wall} />
    </main>`;
}
