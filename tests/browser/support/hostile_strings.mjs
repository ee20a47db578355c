/* SPDX-License-Identifier: MIT */
// Strings that run a script where a page lets them: each calls hit(), as markup, as an address, as
// Markdown, as a template, hidden in encodings. `control` of hostile.test.mjs shows that they bite.

const RUN = 'hit()';

const MARKUP = [
  `<script>${RUN}</script>`,
  `<ScRiPt >${RUN}</sCrIpT>`,
  `<script/x>${RUN}</script>`,
  `"><script>${RUN}</script>`,
  `'><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `</textarea><img src=x onerror=${RUN}>`,
  `</style><img src=x onerror=${RUN}>`,
  `--><img src=x onerror=${RUN}>`,
  `]]><img src=x onerror=${RUN}>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}">`,
  `<img src=x onerror='${RUN}'>`,
  `<img/src=x/onerror=${RUN}>`,
  `<img src="x" OnErRoR="${RUN}">`,
  `<img src=x onerror=&#104;it()>`,
  `<img src=x onerror=\u0060${RUN}\u0060>`,
  `<image href=x onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><script>hit&#40;&#41;</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><set onbegin=${RUN} attributeName=x>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y=20>x</text></a></svg>`,
  `<svg><foreignObject><img src=x onerror=${RUN}></foreignObject></svg>`,
  `<math><mtext><img src=x onerror=${RUN}></mtext></math>`,
  `<math><annotation-xml encoding="text/html"><img src=x onerror=${RUN}>`,
  `<body onload=${RUN}>`,
  `<iframe src="javascript:parent.${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<iframe onload=${RUN}></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src="javascript:${RUN}">`,
  `<details open ontoggle=${RUN}>x</details>`,
  `<video><source onerror=${RUN}></video>`,
  `<video src=x onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}></audio>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}></select>`,
  `<textarea autofocus onfocus=${RUN}></textarea>`,
  `<button autofocus onfocus=${RUN}>x</button>`,
  `<a autofocus href=# onfocus=${RUN}>x</a>`,
  `<marquee onstart=${RUN}>x</marquee>`,
  `<style>@keyframes k{}</style><p style="animation:k 1s" onanimationstart=${RUN}>x</p>`,
  `<p style="background:url(javascript:${RUN})">x</p>`,
  `<link rel=stylesheet href="data:text/css,*{color:red}">`,
  `<link rel=prefetch href="x" onerror=${RUN}>`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<base href="javascript:${RUN}//">`,
  `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<template><img src=x onerror=${RUN}></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<p title="&quot;><img src=x onerror=${RUN}>">x</p>`,
  `<x contenteditable onfocus=${RUN} autofocus tabindex=1>x</x>`,
  `<style><img src="</style><img src=x onerror=${RUN}>">`,
  `<table><caption><img src=x onerror=${RUN}></caption></table>`,
  `<img srcset="x" onerror=${RUN}>`,
];

const ADDRESSES = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  ` javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `java\nscript:${RUN}`,
  `javascript&colon;${RUN}`,
  `&#106;avascript:${RUN}`,
  `javascript://example.gov/%0a${RUN}`,
  `javascript:/*https://*/${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==`,
  `data:image/svg+xml,<svg onload=${RUN}>`,
  `vbscript:${RUN}`,
  `view-source:javascript:${RUN}`,
  `blob:${RUN}`,
  `//example.gov"onclick="${RUN}`,
  `https://example.gov/"onmouseover="${RUN}`,
  `https://example.gov/'><img src=x onerror=${RUN}>`,
  `https://example.gov/#<img src=x onerror=${RUN}>`,
  `https://user:${RUN}@example.gov/`,
];

const TEMPLATES = [
  `{{constructor.constructor('${RUN}')()}}`,
  `\${${RUN}}`,
  `<%= ${RUN} %>`,
  `#{${RUN}}`,
  `{{=${RUN}}}`,
  `[[${RUN}]]`,
  `';${RUN};'`,
  `";${RUN};"`,
  `\\";${RUN};//`,
  `{"__proto__":{"innerHTML":"<img src=x onerror=${RUN}>"}}`,
  `__proto__`,
  `constructor`,
  `\u202e<img src=x onerror=${RUN}>`,
  `\u2066<img src=x onerror=${RUN}>\u2069`,
  `\ufeff<script>${RUN}</script>`,
  `\uff1cscript\uff1e${RUN}\uff1c/script\uff1e`,
  `<\u200bscript>${RUN}</script>`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
  `\\x3cscript\\x3e${RUN}\\x3c/script\\x3e`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
];

const asMarkdown = [
  (x) => `[look](${x})`,
  (x) => `![look](${x})`,
  (x) => `<${x}>`,
  (x) => `[look]: ${x}\n[look]`,
  (x) => `[![a](x)](${x} "t")`,
];

const around = [
  (x) => `**${x}**`,
  (x) => `\`\`\`html\n${x}\n\`\`\``,
  (x) => `> ${x}`,
];

/** All of them, each once, short enough for every field that takes a line. */
export const HOSTILE = [...new Set([
  ...MARKUP,
  ...ADDRESSES,
  ...TEMPLATES,
  ...ADDRESSES.flatMap((x) => asMarkdown.map((wrap) => wrap(x))),
  ...MARKUP.flatMap((x) => around.slice(0, 2).map((wrap) => wrap(x))),
  ...TEMPLATES.map(around[2]),
])];

/** As one line without control characters: what a name or a title takes. */
export const oneLine = (text) => text.replace(/[\u0000-\u001f]/g, ' ');
