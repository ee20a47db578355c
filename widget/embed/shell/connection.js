/* SPDX-License-Identifier: MIT */
// What is said about the connection: a short gap is nobody's business; a long one is said once,
// and its end too.

const SPEAK_MS = 5000;

export function createConnectionVoice({ t, announcer }) {
  let timer = 0;
  let said = false;

  return function hear(connection, matters) {
    if (connection === 'waiting' && matters && !timer && !said) {
      timer = setTimeout(() => {
        said = true;
        announcer.say(t('net.offline'));
      }, SPEAK_MS);
    } else if (connection === 'open') {
      clearTimeout(timer);
      timer = 0;
      if (said)
        announcer.say(t('net.back'));
      said = false;
    }
  };
}
