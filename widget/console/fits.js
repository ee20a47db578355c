/* SPDX-License-Identifier: MIT */
/** Every word occurs somewhere. */
export function fits(text, words) {
  const inside = text.toLowerCase();

  return words.toLowerCase().split(/\s+/).filter(Boolean).every((word) => inside.includes(word));
}
