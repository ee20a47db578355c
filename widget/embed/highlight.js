/* SPDX-License-Identifier: MIT */
// Colours for code that names its language: the highlighter's token tree becomes spans. Its own way
// is a string of HTML, which strict pages do not let pass. A part of its own (shell/parts.js).

import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import yaml from 'highlight.js/lib/languages/yaml';

import css from './highlight.css';

export { css };

const LENGTH_MAX = 20_000;
const LANGUAGES = { bash, javascript, json, python, ruby, yaml };

for (const [name, language] of Object.entries(LANGUAGES))
  hljs.registerLanguage(name, language);
for (const [name, aliases] of Object.entries({ bash: ['sh', 'shell', 'zsh', 'console'], javascript: ['js', 'ts', 'typescript', 'jsx', 'tsx'], python: ['py'], ruby: ['rb'], yaml: ['yml'] }))
  hljs.registerAliases(aliases, { languageName: name });

export function create() {
  function nodes(children) {
    return children.map((child) => {
      if (typeof child === 'string')
        return document.createTextNode(child);
      const span = document.createElement('span');

      span.className = child.scope ? `hl-${child.scope.split('.')[0]}` : '';
      span.append(...nodes(child.children));
      return span;
    });
  }

  return {
    /** Colours the text of `code`; leaves it alone where nothing is known of the language. */
    paint(code, language, text) {
      if (text.length > LENGTH_MAX || !hljs.getLanguage(language))
        return;
      code.replaceChildren(...nodes(hljs.highlight(text, { language, ignoreIllegals: true })._emitter.rootNode.children));
    },
  };
}
