/* SPDX-License-Identifier: MIT */
// What the agent sees of the page, in plain sight and each item removable. It is gathered anew
// when it is sent, and nothing of it before there is something to send. A part of its own
// (shell/parts.js).

import strings from '../../shared/strings/en.context.json';
import css from './context.css';

export { css };

const SELECTION_MAX = 2000;
const LINE_MAX = 120;
const REMOVE_ICON = 'M6 6l12 12M18 6L6 18';

const cut = (value, max = LINE_MAX) => String(value ?? '').trim().slice(0, max);

/* The heading that is read: the last one with an id above the upper part of the window. */
function anchor() {
  const above = [...document.querySelectorAll('h1[id], h2[id], h3[id], h4[id]')]
    .filter((heading) => heading.getBoundingClientRect().top < 160);

  return above.at(-1)?.id ?? decodeURIComponent(location.hash.slice(1));
}

function browser() {
  const brand = navigator.userAgentData?.brands.find(({ brand: name }) => !/not.?a.?brand|chromium/i.test(name)) ??
    navigator.userAgentData?.brands.find(({ brand: name }) => /chromium/i.test(name));
  const [agent] = /(Firefox|Edg|Version|Chrome)\/\d+/.exec(navigator.userAgent) ?? [''];

  return brand ? `${brand.brand} ${brand.version}` : agent.replace('Version', 'Safari').replace('/', ' ');
}

function referrer() {
  try {
    return new URL(document.referrer).origin;
  } catch {
    return '';
  }
}

export function create(kit) {
  const { t, el, icon, settings, session } = kit;

  t.add(strings);
  const list = el('ul');
  const summary = el('summary', {}, t('context.see'));
  const node = el('details', { class: 'seen', ontoggle: draw }, summary, el('p', { class: 'hint' }, t('context.hint')), list);
  const removed = new Set(kit.tabStore.get('unseen') ?? []);

  /* [name, value as sent, value as shown], of what there is. */
  function all() {
    const { context = {}, project } = settings;
    const page = kit.page();
    const viewport = { width: innerWidth, height: innerHeight };
    const items = [
      ['url', page.url], ['title', page.title], ['anchor', cut(anchor())],
      ['project', cut(context.project ?? project)], ['product', cut(context.product)], ['version', cut(context.version)],
      ['selection', cut(kit.selection(), SELECTION_MAX)], ['language', navigator.language],
      ['zone', Intl.DateTimeFormat().resolvedOptions().timeZone],
      ['viewport', viewport, `${viewport.width} × ${viewport.height}`],
      ['browser', cut(browser())], ['referrer', referrer()],
    ];

    return items.filter(([, value]) => value);
  }

  const told = () => all().filter(([name]) => !removed.has(name));

  function remove(name, row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;

    removed.add(name);
    kit.tabStore.set('unseen', [...removed]);
    draw();
    (next ? list.querySelector(`[data-name="${next.dataset.name}"] button`) : summary)?.focus();
    if (session.state.chat)
      kit.tellPage();
  }

  function row([name, value, shown = value]) {
    const item = el('li', { 'data-name': name },
      el('span', { class: 'hint' }, t(`context.${name}`)), el('span', { class: 'value' }, shown),
      el('button', { type: 'button', class: 'tool', 'aria-label': t('context.remove', { name: t(`context.${name}`) }), onclick: () => remove(name, item) }, icon(REMOVE_ICON)));

    return item;
  }

  function draw() {
    list.replaceChildren(...told().map(row));
  }

  draw();
  return {
    node,
    /** {page, context} as the visitor lets it. */
    told() {
      const { url, title, ...context } = Object.fromEntries(told());

      return { page: url ? { url, title } : undefined, context };
    },
    draw,
  };
}
