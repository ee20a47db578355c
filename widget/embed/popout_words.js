/* SPDX-License-Identifier: MIT */
// What the page and the pop-out window say to each other.

export const READY = 'tierbell:popout-ready';
export const SESSION = 'tierbell:popout-session';
