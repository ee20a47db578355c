// SPDX-License-Identifier: MIT
// usage: node tests/browser/screenshots.mjs [MODE...]   (`make screenshots`)
// A picture of every state, light and dark, desktop and phone: build/screenshots/MODE/NN-state.png.
// Two of them are the README's: docs/screenshots/.

import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Stage } from './support/stage.mjs';
import { openNever, tour, tourClosed } from './support/tour.mjs';

const path = (to) => fileURLToPath(new URL(`../../${to}`, import.meta.url));
const WIDE = { viewport: { width: 1280, height: 800 } };
const DESK = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const MODES = {
  'desktop-light': { visitor: WIDE, agent: DESK },
  'desktop-dark': { visitor: { ...WIDE, colorScheme: 'dark' }, agent: { ...DESK, colorScheme: 'dark' } },
  'phone-light': { visitor: PHONE, agent: PHONE, wide: false },
  'phone-dark': { visitor: { ...PHONE, colorScheme: 'dark' }, agent: { ...PHONE, colorScheme: 'dark' }, wide: false },
};
const README = { 'widget chat': 'widget.png', 'console conversation': 'console.png' };

async function take(stage, mode) {
  const folder = path(`build/screenshots/${mode}/`);
  let count = 0;
  const see = async (page, name) => {
    const file = `${folder}${String(++count).padStart(2, '0')}-${name.replaceAll(' ', '-')}.png`;
    await page.screenshot({ path: file, animations: 'disabled' });
    if (mode === 'desktop-light' && README[name])
      copyFileSync(file, path(`docs/screenshots/${README[name]}`));
  };

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [way, policy] of [[tour], [tourClosed, openNever]]) {
    await stage.start({ policy });
    try {
      await way(stage, { ...MODES[mode], see });
    } finally {
      await stage.stop();
    }
  }
  console.log(`${mode}: ${count} pictures in build/screenshots/${mode}/`);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((mode) => !MODES[mode]);
if (unknown.length) {
  console.error(`no mode ${unknown.join(', ')}; there are: ${Object.keys(MODES).join(' ')}`);
  process.exit(2);
}
mkdirSync(path('docs/screenshots/'), { recursive: true });
const stage = new Stage();
await stage.open();
try {
  for (const mode of wanted.length ? wanted : Object.keys(MODES))
    await take(stage, mode);
} finally {
  await stage.close();
}
