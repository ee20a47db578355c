/* SPDX-License-Identifier: MIT */
// Passwords, keys and tokens in what somebody is about to send. The same walk as the server's
// core/secret.c, over the same list; tests/secrets has what both have to say.

const VALUE_MAX = 512;
const PEM_KEY_MIN = 40;
const PEM_KEY_MAX = 16384;

/* One word or value is looked at from where it stands: all patterns are sticky. */
const NAME = /[A-Za-z0-9_-]*/y;
const JWT = /[\w-]{8,}\.eyJ[\w-]{5,}\.[\w-]{8,}/y;
const PEM = /-----BEGIN (?:(?!-----)[^]){0,32}?PRIVATE KEY(?:(?!-----)[^]){0,16}-----/y;
const PEM_BODY = /[A-Za-z0-9+/=\n\r\\]{0,16384}/y;
const PEM_END = /-----END [^\n]{0,39}?-----/y;
const SIGN = /(?:\\?["'`])?[ \t]{0,8}([=:])[=>]?([ \t]{0,8})(\\?["'`])?/y;
const SCHEME = /[ \t]{1,8}([\w.+/=-]*)/y;
const BASIC = /^[A-Za-z0-9+/=]*/;
const URL_USER = /:\/\/[^\s/@:]{0,64}:([^\s/@"'`]{3,127})@/y;
const QUOTED = /[^\s"'`\\\0]{1,513}/y;
const OPEN = /[^\s"'`,;&)\]}<>|\0]{1,513}/y;
const WORD = /[A-Za-z0-9_]/;
const MIXED = /^(?=.*[A-Za-z])(?=.*[0-9])/s;

function at(pattern, text, from) {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

function isPlaceholder(word) {
  return /^[$%][A-Za-z{(_$]/.test(word) || /^[<{[(/.]/.test(word) || word.startsWith('http') ||
    /^(.)\1*$/s.test(word) || /\*\*\*|\.\.\.|xxxx|XXXX/.test(word) ||
    (word.length > 4 && /^(your|my_|my-)/i.test(word)) || /^example/i.test(word);
}

/** @param {object} table of parseTable() */
export function createSecrets(table) {
  const names = table.names.map(([what, name, taste]) => ({
    what, taste, end: new RegExp(`${taste === 'APART' ? '(^|[-_])' : ''}${[...name].join('[-_]*')}[-_]*$`, 'i'),
  }));
  const tokens = table.tokens.map(([what, prefix, letters, min, max]) => ({
    what, prefix, min, max, run: new RegExp(`${letters}*`, 'y'),
  }));

  const ruleOf = (name) => names.find((rule) => rule.end.test(name));
  const found = (from, to, what) => ({ at: from, length: to - from, what });

  function tryToken(text, from) {
    if (text.startsWith('eyJ', from)) {
      const jwt = at(JWT, text, from);

      if (jwt)
        return found(from, JWT.lastIndex, 'JWT');
    }
    for (const { what, prefix, min, max, run } of tokens) {
      if (!text.startsWith(prefix, from))
        continue;
      const start = from + prefix.length;
      const body = at(run, text, start)[0].replace(/[.-]+$/, '');
      const end = start + body.length;

      if (body.length >= min && (!max || (body.length <= max && !WORD.test(text.charAt(end)))))
        return found(from, end, what);
    }
    return null;
  }

  /* `ends`: where the next end of a key is, so that no text is searched twice. */
  function tryPem(text, from, ends) {
    if (!at(PEM, text, from))
      return null;
    const body = PEM.lastIndex;

    if (ends.at < body) {
      ends.at = text.indexOf('-----END ', body);
      if (ends.at < 0)
        ends.at = text.length;
    }
    const length = ends.at - body;

    if (ends.at < text.length && length >= PEM_KEY_MIN && length <= PEM_KEY_MAX) {
      at(PEM_END, text, ends.at);
      return found(from, PEM_END.lastIndex || ends.at + 9, 'private key');
    }
    const key = at(PEM_BODY, text, body)[0];

    return key.length >= PEM_KEY_MIN ? found(from, body + key.length, 'private key') : null;
  }

  function isNoValue(word) {
    const first = word.includes('|', 1) ? word.slice(0, word.indexOf('|', 1)) : word;

    return table.placeholders.includes(first.toLowerCase()) || isPlaceholder(first);
  }

  /* `other_password2`, `req.body.token`, `get(x)`, `a->b`: a program's words. */
  function isCode(word) {
    if (/[([{]|->|::/.test(word))
      return true;
    if (!/^[A-Za-z_][\w.]*$/.test(word) || word.endsWith('.'))
      return false;
    return word.includes('.') || Boolean(ruleOf(word.replace(/[0-9]+$/, '')));
  }

  function isPassword({ word, quoted, adjacent, next }) {
    if (quoted)
      return word.length >= 4;
    if (word.length >= 5 && /[A-Za-z]/.test(word) && /[0-9!@#$%^&*+~?]/.test(word))
      return true;
    return adjacent && word.length >= 6 && next !== ',' && next !== ')' && !MIXED.test(word) && !word.includes('_');
  }

  function tastes(value, taste) {
    const { word, quoted, next } = value;

    if (isNoValue(word) || (quoted ? !/["'`\\]/.test(next) : isCode(word)))
      return false;
    if (taste === 'PASSWORD' || taste === 'APART')
      return isPassword(value);
    return word.length >= (taste === 'KEY' ? 8 : 12) && MIXED.test(word);
  }

  function tryScheme(text, name, end) {
    const kind = name.toLowerCase();

    if (kind !== 'bearer' && kind !== 'basic')
      return null;
    const got = at(SCHEME, text, end);
    const word = kind === 'basic' ? BASIC.exec(got?.[1] ?? '')[0] : got?.[1] ?? '';
    const from = SCHEME.lastIndex - (got?.[1].length ?? 0);

    if (!/[0-9]/.test(word))
      return null;
    if (kind === 'basic')
      return word.length >= 16 && word.length % 4 === 0 ? found(from, from + word.length, 'password') : null;
    return word.length >= 20 ? found(from, from + word.length, 'token') : null;
  }

  function trySetting(text, from, end) {
    const name = text.slice(from, end);
    const scheme = tryScheme(text, name, end);
    const rule = scheme ? null : ruleOf(name);
    const sign = rule && at(SIGN, text, end);

    if (!sign)
      return scheme;
    const start = SIGN.lastIndex;
    const quoted = Boolean(sign[3]);
    const word = at(quoted ? QUOTED : OPEN, text, start)?.[0];

    if (!word || word.length > VALUE_MAX)
      return null;
    const value = {
      word, quoted, next: text.charAt(start + word.length),
      adjacent: sign[1] === '=' && sign[2] === '' && text[end] === '=',
    };

    return tastes(value, rule.taste) ? found(start, start + word.length, rule.what) : null;
  }

  function tryUrl(text, from) {
    const url = at(URL_USER, text, from);

    if (!url || isNoValue(url[1]))
      return null;
    return found(URL_USER.lastIndex - 1 - url[1].length, URL_USER.lastIndex - 1, 'password');
  }

  /** [{at, length, what}], left to right, never overlapping. */
  function find(text) {
    const all = [];
    const ends = { at: -1 };
    let i = 0;

    while (i < text.length) {
      const c = text[i];
      let secret = null;
      let next = i + 1;

      if (c === '-' && text.startsWith('-----BEGIN ', i)) {
        secret = tryPem(text, i, ends);
      } else if (WORD.test(c)) {
        at(NAME, text, i);
        next = NAME.lastIndex;
        secret = tryToken(text, i) ?? trySetting(text, i, next);
      } else if (c === ':' && text.startsWith('://', i)) {
        secret = tryUrl(text, i);
        next = i + 3;
      }
      if (secret)
        all.push(secret);
      i = secret ? secret.at + secret.length : next;
    }
    return all;
  }

  return {
    find,
    /** The text with "[removed: what]" in the place of each. */
    remove(text) {
      let copied = 0;
      let clean = '';

      for (const secret of find(text)) {
        clean += `${text.slice(copied, secret.at)}[removed: ${secret.what}]`;
        copied = secret.at + secret.length;
      }
      return clean + text.slice(copied);
    },
  };
}
