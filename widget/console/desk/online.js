/* SPDX-License-Identifier: MIT */
// Who is on the tiers now, asked again while it is on the screen.

import { useEffect, useState } from 'preact/hooks';

import { api } from './api.js';

const AGAIN_MS = 5000;

/** {state: 'loading'|'ready'|'error', items: [{id,name,tier,state,load,capacity}], error} */
export function useOnline() {
  const [online, setOnline] = useState({ state: 'loading', items: [] });

  useEffect(() => {
    const load = () => api.get('/agents/online').then(
      (answer) => setOnline({ state: 'ready', items: answer.items ?? answer }),
      (error) => setOnline({ state: 'error', items: [], error: error.message }));
    const timer = setInterval(load, AGAIN_MS);

    load();
    return () => clearInterval(timer);
  }, []);
  return online;
}
