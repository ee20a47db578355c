/* SPDX-License-Identifier: MIT */
// Files over HTTP, which look to the outbox like any frame: handed over, and answered later with
// ack or error.

const RETRY_MS = 3000;

/**
 * @param {object} options
 *   url          of the files
 *   headers      (frame) => those that say whose it is; without a frame: who reads one
 *   credentials  whether the cookie goes along
 *   answer       (frame) an ack or error came
 */
export function createFiles({ url, headers: identity, credentials = 'omit', answer, fetch = globalThis.fetch?.bind(globalThis) }) {
  async function send(frame) {
    const { id, name, body, keep_secrets: keep } = frame;
    const headers = {
      ...identity(frame), 'Content-Type': 'text/plain; charset=utf-8', 'Idempotency-Key': id, 'X-File-Name': encodeURIComponent(name),
    };

    if (keep)
      headers['X-Keep-Secrets'] = 'yes';
    const response = await fetch(url, { method: 'POST', body, headers, credentials });
    const said = await response.json();

    return response.ok ? { type: 'ack', id, ...said }
      : { type: 'error', id, code: said.code, message: said.detail, retry_after_ms: said.retry_after_ms };
  }

  return {
    /** True: it is on its way, and will be answered. */
    put(frame) {
      send(frame).catch(() => ({
        type: 'error', id: frame.id, code: 'unavailable', retry_after_ms: RETRY_MS,
      })).then(answer);
      return true;
    },
    /** What is in the file of an entry; null when it cannot be had. */
    async get(entry) {
      try {
        const response = await fetch(`${url}/${entry.ticket}/${entry.seq}`, { headers: identity(), credentials });

        return response.ok ? await response.text() : null;
      } catch {
        return null;
      }
    },
  };
}
