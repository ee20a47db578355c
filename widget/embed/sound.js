/* SPDX-License-Identifier: MIT */
// Two short notes for a message that nobody is looking at. Where the browser has not let a page
// make a sound yet they are dropped, not kept for later. A part of its own (shell/parts.js).

const NOTES = [[659, 0], [880, 0.12]]; /* Hz, seconds from now */
const LENGTH_S = 0.22;
const VOLUME = 0.08;

export const css = '';

export function create({ session }) {
  const audio = new AudioContext();

  function note(hertz, at) {
    const tone = new OscillatorNode(audio, { frequency: hertz, type: 'sine' });
    const gain = new GainNode(audio, { gain: 0 });

    gain.gain.setValueAtTime(VOLUME, at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + LENGTH_S);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + LENGTH_S);
  }

  return {
    /** Of all tabs only the one that holds the socket makes it. */
    play() {
      if (audio.state !== 'running' || !session.leading)
        return;
      for (const [hertz, at] of NOTES)
        note(hertz, audio.currentTime + at);
    },
  };
}
