/* SPDX-License-Identifier: MIT */
// Parts of the panel that come when they are needed, each a file of its own: the table of them is
// in build.mjs. A part is a module with
//
//   css           its style, as text
//   create(kit)   makes it; what it shares with the panel is handed in, so that no file of the
//                 widget drags another one along
//
// A part is made anew when the language changes: what must outlive that is in the session or the
// store. One that did not come is asked for again with the next drawing.

/* global PARTS */

/**
 * @param {object} options
 *   base      where the files are
 *   kit       what the parts get
 *   addStyle  (css)
 *   onPart    (name, part) it is there
 */
export function createParts({ base, kit, addStyle, onPart }) {
  const made = {};
  const wanted = {}; /* name: what to do with it */
  const coming = {};
  const modules = {};
  let failures = 0;

  function make(name) {
    made[name] = modules[name].create(kit);
    for (const use of wanted[name].splice(0))
      use(made[name]);
    onPart(name, made[name]);
  }

  function arrived(name, module) {
    modules[name] = module;
    addStyle(module.css);
    make(name);
  }

  return {
    /** Those that are there, by name. */
    made,
    /** Brings it; `use(part)` at once when it is there, else as soon as it is. */
    load(name, use) {
      if (made[name]) {
        use?.(made[name]);
        return;
      }
      wanted[name] ??= [];
      if (use)
        wanted[name].push(use);
      /* Some browsers remember a file that failed, by its address. */
      coming[name] ??= import(base + PARTS[name] + (failures ? `?${failures}` : ''))
        .then((module) => arrived(name, module), () => {
          failures++;
          coming[name] = null;
        });
    },
    /** All of them once more, in the language of now. */
    remake() {
      const names = Object.keys(made);

      for (const name of names)
        delete made[name];
      for (const name of names)
        make(name);
    },
  };
}
