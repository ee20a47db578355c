/* SPDX-License-Identifier: MIT */
// What the console says aloud: a few tones, one pattern for each thing that happens. Of several
// tabs of one browser one sounds: the one that holds the lock.

import { isDisturbable } from './desk/state.js';
import { prefs } from './prefs.js';

const LOCK = 'tierbell:console:sound';

/* [hertz, begins after ms, lasts ms] */
const PATTERNS = {
  offer: [[660, 0, 180], [880, 200, 260]],
  message: [[740, 0, 120]],
  due: [[520, 0, 160], [520, 220, 160]],
  page: [[880, 0, 200], [660, 240, 200], [880, 480, 200], [660, 720, 200]],
};

let leads = true;
let audio = null;

if (globalThis.navigator?.locks) {
  leads = false;
  navigator.locks.request(LOCK, () => {
    leads = true;
    return new Promise(() => {}); /* for as long as the tab lives */
  });
}

function tone([hertz, after, length]) {
  const from = audio.currentTime + after / 1000;
  const to = from + length / 1000;
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();

  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, from);
  gain.gain.exponentialRampToValueAtTime(0.12, from + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, to);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(from);
  oscillator.stop(to);
}

/** Plays the pattern of `kind`, unless sounds are off. An emergency sounds for who is away, too. */
export function sound(kind, { always = false } = {}) {
  const wanted = always ? prefs.value.sounds : isDisturbable.value;

  if (!wanted || !leads || !globalThis.AudioContext)
    return false;
  audio ??= new AudioContext();
  if (audio.state === 'suspended')
    audio.resume().catch(() => {}); /* nobody has touched the page yet */
  PATTERNS[kind].forEach(tone);
  return true;
}
