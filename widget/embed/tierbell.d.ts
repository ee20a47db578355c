/* SPDX-License-Identifier: MIT */
// Types of the widget's JavaScript interface. Served as /widget/tierbell.d.ts.

export interface TierbellUser {
  /** Your own id of the person. */
  id?: string;
  email?: string;
  name?: string;
  /** Your server's signature of the address, which verifies it: 64 hex digits. See docs/EMBEDDING.md. */
  hash?: string;
}

/** What the agent sees beside the page's address; the visitor sees it too, and may remove it. */
export interface TierbellContext {
  project?: string;
  product?: string;
  /** Of the documentation. */
  version?: string;
}

export interface TierbellOptions {
  user?: TierbellUser;
  context?: TierbellContext;
  tags?: string[];
  locale?: string;
  theme?: 'auto' | 'light' | 'dark';
  /** What the panel is called. */
  title?: string;
  /** What the button says. */
  label?: string;
}

export interface TierbellMethods {
  /** Starts again after `shutdown`, or changes the options of a running widget. */
  boot(options?: TierbellOptions): void;
  /** Takes the widget away, ends its connection and removes everything that it stored. */
  shutdown(): void;
  open(): void;
  close(): void;
  toggle(): void;
  /** Shows the button again. */
  show(): void;
  /** Hides the button; `open` and `data-support-open` go on working. */
  hide(): void;
  /** Opens the panel with these words in the field; nothing is sent. */
  ask(text: string): void;
  /** As `ask`, for a ticket of its own where the last chat has ended. */
  newTicket(ticket: { subject?: string; body?: string }): void;
  identify(user: TierbellUser): void;
  setContext(context: TierbellContext): void;
  setLocale(locale: string): void;
  setTheme(theme: 'auto' | 'light' | 'dark'): void;
  /** At most 10 words of 1 to 47 bytes; they go with the next ticket. */
  setTags(tags: string[]): void;
  on<E extends keyof TierbellEvents>(event: E, listener: (detail: TierbellEvents[E]) => void): void;
  off<E extends keyof TierbellEvents>(event: E, listener: (detail: TierbellEvents[E]) => void): void;
}

/** Each comes also as a CustomEvent `tierbell:<name>` of the document. */
export interface TierbellEvents {
  ready: Record<string, never>;
  open: Record<string, never>;
  close: Record<string, never>;
  state: { state: 'home' | 'queue' | 'chat' | 'ended' };
  /** `opens_at`: milliseconds since 1970, or null. */
  availability: { open: boolean; opens_at: number | null };
  queue: { ticket: number; position: number | null; eta_s: number | null };
  'agent-joined': { ticket: number; tier: number };
  'message-sent': { ticket: number; seq: number };
  'message-received': { ticket: number; seq: number };
  unread: { count: number };
  'doc-click': { ticket: number | null; url: string };
  'resolved-by-docs': { ticket: number };
  'ticket-created': { ticket: number };
  rated: { ticket: number; score: number };
  ended: { ticket: number };
  connection: { state: 'idle' | 'connecting' | 'open' | 'waiting' };
  error: { code?: string; message: string };
}

export interface TierbellFunction {
  <M extends keyof TierbellMethods>(method: M, ...values: Parameters<TierbellMethods[M]>): void;
  /** Of the widget; missing while only the queue is there. */
  readonly version?: string;
}

declare global {
  interface Window {
    Tierbell: TierbellFunction;
  }

  const Tierbell: TierbellFunction;

  interface DocumentEventMap {
    'tierbell:ready': CustomEvent<TierbellEvents['ready']>;
    'tierbell:open': CustomEvent<TierbellEvents['open']>;
    'tierbell:close': CustomEvent<TierbellEvents['close']>;
    'tierbell:state': CustomEvent<TierbellEvents['state']>;
    'tierbell:availability': CustomEvent<TierbellEvents['availability']>;
    'tierbell:queue': CustomEvent<TierbellEvents['queue']>;
    'tierbell:agent-joined': CustomEvent<TierbellEvents['agent-joined']>;
    'tierbell:message-sent': CustomEvent<TierbellEvents['message-sent']>;
    'tierbell:message-received': CustomEvent<TierbellEvents['message-received']>;
    'tierbell:unread': CustomEvent<TierbellEvents['unread']>;
    'tierbell:doc-click': CustomEvent<TierbellEvents['doc-click']>;
    'tierbell:resolved-by-docs': CustomEvent<TierbellEvents['resolved-by-docs']>;
    'tierbell:ticket-created': CustomEvent<TierbellEvents['ticket-created']>;
    'tierbell:rated': CustomEvent<TierbellEvents['rated']>;
    'tierbell:ended': CustomEvent<TierbellEvents['ended']>;
    'tierbell:connection': CustomEvent<TierbellEvents['connection']>;
    'tierbell:error': CustomEvent<TierbellEvents['error']>;
  }
}
