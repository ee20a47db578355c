/* SPDX-License-Identifier: MIT */
// Answers may come in another order than they were asked for: only that of the newest question counts.

import { useRef } from 'preact/hooks';

/** The function that it gives passes what `work` comes to on to `take` or `fail`, unless it was called again by then. */
export function useNewest() {
  const turn = useRef(0);

  return (work, take, fail) => {
    const mine = ++turn.current;
    const still = (use) => (result) => mine === turn.current && use(result);

    return work.then(still(take), still(fail));
  };
}
