/* SPDX-License-Identifier: MIT */
// The HTTP calls of the protocol: JSON in and out, problems as exceptions with a code.

import { newId } from './ids.js';

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

async function readProblem(response) {
  let problem = {};

  try {
    problem = await response.json();
  } catch {
    /* A proxy's page: the status says enough. */
  }
  return new ApiError(response.status, problem.code ?? 'unavailable',
    problem.detail ?? problem.message ?? problem.title ?? `The server answered ${response.status}.`);
}

export function createApi({ base = '', fetch = globalThis.fetch.bind(globalThis), onUnauthorized } = {}) {
  async function call(method, path, body, key = newId()) {
    const headers = { Accept: 'application/json' };
    let response;

    if (body !== undefined)
      headers['Content-Type'] = 'application/json';
    if (method === 'POST')
      headers['Idempotency-Key'] = key;
    try {
      response = await fetch(`${base}/api/v1${path}`, {
        method, headers, credentials: 'same-origin',
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      throw new ApiError(0, 'unavailable', 'The server cannot be reached.');
    }
    if (!response.ok) {
      const error = await readProblem(response);
      if (error.status === 401 && path !== '/session')
        onUnauthorized?.();
      throw error;
    }
    return response.status === 204 ? null : response.json();
  }

  return {
    get: (path, query = {}) => {
      const given = Object.entries(query).filter(([, value]) => value !== '' && value != null);
      const text = new URLSearchParams(given).toString();

      return call('GET', text ? `${path}?${text}` : path);
    },
    /** The same `key` again changes nothing. */
    post: (path, body, key) => call('POST', path, body, key),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
  };
}
