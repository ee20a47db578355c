/* SPDX-License-Identifier: MIT */
// Light or dark, as the page around says it: documentation themes write it on html or body.

/** Where they write it; whoever watches them follows a switch. */
export const MARKS = ['class', 'data-theme', 'data-md-color-scheme', 'data-bs-theme'];

/** 'light', 'dark', or 'auto' where the page says nothing: then the system's setting counts. */
export function pageTheme(nodes = [document.body, document.documentElement]) {
  for (const node of nodes) {
    const said = MARKS.slice(1).map((mark) => node.getAttribute(mark)).join();

    if (/dark|slate/.test(said) || node.classList.contains('dark'))
      return 'dark';
    if (/light|default/.test(said))
      return 'light';
  }
  return 'auto';
}
