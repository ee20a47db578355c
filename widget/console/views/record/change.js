/* SPDX-License-Identifier: MIT */
// A change of a ticket from one of the sections of its record.

import { useState } from 'preact/hooks';

import { api } from '../../desk/api.js';

/** {error, change}: `await change(fields)` is whether it is done; else `error` says why not. */
export function useChange(ticket, onSaved) {
  const [error, setError] = useState('');

  async function change(fields) {
    setError('');
    try {
      onSaved((await api.patch(`/tickets/${ticket.number}`, fields)).ticket);
      return true;
    } catch (problem) {
      setError(problem.message);
      return false;
    }
  }

  return { error, change };
}
