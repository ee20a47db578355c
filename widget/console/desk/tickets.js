/* SPDX-License-Identifier: MIT */
// Tickets that come and go, and what an agent does with one.

import { serverTime } from '../clock.js';
import { askHistory, takeEntry, takeReadMarks } from './conversation.js';
import { command, send } from './line.js';
import { alerts, chats, closed, createChat, drop, findChat, me, notify, offers, put, ticketsChanged, undoSeconds, watched } from './state.js';

const handedOn = new Set();

export const takers = {
  assigned(frame) {
    const offer = offers.value.get(frame.ticket.number);
    const chat = chats.value.get(frame.ticket.number) ?? createChat(frame.ticket);

    drop(offers, frame.ticket.number);
    drop(watched, frame.ticket.number);
    chat.ticket.value = frame.ticket;
    chat.ended.value = false;
    put(chats, chat.number, chat);
    for (const entry of offer?.messages ?? [])
      takeEntry({ ticket: chat.number, ...entry });
    if (chat.log.last === 0)
      askHistory(chat);
    ticketsChanged.value++;
  },
  unassigned(frame) {
    const number = frame.ticket?.number ?? frame.ticket;
    const chat = chats.value.get(number);

    drop(offers, number);
    ticketsChanged.value++;
    if (!chat)
      return;
    if (frame.reason && !/clos|resolv/i.test(frame.reason) && !handedOn.delete(number))
      notify(`Ticket #${number} is no longer yours: ${frame.reason}`);
    drop(chats, number);
  },
  ticket(frame) {
    const chat = findChat(frame.ticket.number);

    ticketsChanged.value++;
    if (frame.ticket.page_acknowledged_at || ['resolved', 'closed'].includes(frame.ticket.status))
      drop(alerts, frame.ticket.number);
    if (chat)
      chat.ticket.value = frame.ticket;
  },
  escalated(frame) {
    const number = frame.ticket?.number ?? frame.ticket;

    if (!handedOn.has(number))
      notify(`Ticket #${number} was escalated to Tier ${frame.to}.`);
  },
};

/** What is mine after a new connection; what is read along is asked for again. */
export function takeMine(tickets) {
  const mine = new Map();

  for (const ticket of tickets) {
    const chat = chats.value.get(ticket.number) ?? createChat(ticket);
    chat.ticket.value = ticket;
    chat.ended.value = false;
    takeReadMarks(chat, ticket.read);
    mine.set(ticket.number, chat);
  }
  for (const number of chats.value.keys()) {
    if (!mine.has(number))
      notify(`Ticket #${number} is no longer yours: it was handed on or closed while you were away.`);
  }
  chats.value = mine;
  ticketsChanged.value++;
  for (const number of watched.value.keys()) {
    if (mine.has(number))
      drop(watched, number);
    else
      send({ type: 'watch', ticket: number });
  }
}

/* What I hand on myself is no news to me. */
async function handOn(frame) {
  handedOn.add(frame.ticket);
  try {
    return await command(frame);
  } catch (error) {
    handedOn.delete(frame.ticket);
    throw error;
  }
}

export const transfer = (number, to, note) => handOn({ type: 'transfer', ticket: number, to, note });
/** `note`: what the next tier has to know; it stays with the ticket. */
export const escalate = (number, reason, tier, note) => handOn({ type: 'escalate', ticket: number, reason, tier, note: note || undefined });
export const declareIncident = (number, reason) => handOn({ type: 'incident', ticket: number, reason });
/** Takes a ticket over, from whoever has it. */
export const takeOver = (number) => transfer(number, { agent: me.value.id });

/** Ends it, and keeps it at hand for as long as that can be taken back. */
export async function closeTicket(chat, { resolution, articles, tags }) {
  await command({ type: 'close', ticket: chat.number, resolution, articles, tags });
  if (undoSeconds.value > 0) {
    put(closed, chat.number, { number: chat.number, chat, resolution, until: serverTime() + undoSeconds.value * 1000 });
    setTimeout(() => drop(closed, chat.number), undoSeconds.value * 1000);
  }
  drop(chats, chat.number);
}

/** What the customer had ended before comes back as it was; else the server gives it back. */
export async function undoClose(number) {
  const { chat } = closed.value.get(number);

  await command({ type: 'undo', ticket: number });
  drop(closed, number);
  if (!chats.value.has(number))
    put(chats, number, chat);
}

export const confirmStopped = (number, stopped, reason) => command({ type: 'confirm', ticket: number, stopped, reason });
export const setFields = (number, fields) => command({ type: 'set', ticket: number, ...fields });
export const approve = (number, granted, reason) => command({ type: 'approve', ticket: number, granted, reason });

/** Reads another's chat along; what is written there comes as if it were one's own. */
export function watch(ticket) {
  if (findChat(ticket.number))
    return;
  put(watched, ticket.number, createChat(ticket, { watching: true }));
  send({ type: 'watch', ticket: ticket.number });
}

export function unwatch(number) {
  drop(watched, number);
  send({ type: 'unwatch', ticket: number });
}
