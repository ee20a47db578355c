/* SPDX-License-Identifier: MIT */
// What somebody pastes: code and logs are told from prose by their lines, and are put into a
// fence that nothing in them can close.

/* A line of a program, a shell, a log, a trace, a data format. */
const SIGNALS = [
  /[;{}[\])\\]\s*$|["'}\]\d],\s*$/, /^(\t| {2,})\S/, /^\s*(\/\/|\/\*|\*|#|--|<!--)/, /^\s*<\/?[\w-]+[^>]*>?/,
  /^\s*(import|from|export|def|class|function|const|let|var|return|if|else|elif|for|while|try|catch|except|public|private|static|package|use|require|include|using|namespace|struct|enum|interface|type|func|fn|end|begin|module)\b/,
  /^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|FROM|WHERE|JOIN)\b/, /^\s*(curl|npm|npx|git|docker|kubectl|make|cd|ls|sudo|python3?|node|pip|bundle|rails|yarn)\s+\S/,
  /^\s*[$>%]\s+\S/, /^\s*at\s+[\w.$<>]+[ (]/, /^Traceback|^\s+File "|^Caused by:|^[\w.]*(Error|Exception|Warning)\b/,
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d/, /\b\d\d:\d\d:\d\d\b/, /\b(DEBUG|INFO|WARN|WARNING|ERROR|FATAL|TRACE)\b/, /^\s*"[^"]+"\s*:/,
  /^\s*[\w.-]+\s*[=:]\s*\S+$/, /^[+-]{1,3}\s?\S|^@@ /, /[=!]==?|=>|->|&&|\|\||::/, /^\s*\w+\(.*\)/, /^(GET|POST|PUT|PATCH|DELETE|HTTP\/\d)\b/, /\b0x[\da-f]+\b/i,
];
const SHARE = 0.3;
const LINES_LOOKED_AT = 200;

/** Two lines or more, and three of ten are no prose. */
export function looksLikeCode(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '').slice(0, LINES_LOOKED_AT);
  const signals = lines.filter((line) => SIGNALS.some((signal) => signal.test(line.slice(0, 400)))).length;

  return lines.length >= 2 && signals / lines.length >= SHARE;
}

/* Only what is certain: the highlighter takes its word for it. */
function languageOf(text) {
  if (!/^\s*[{[]/.test(text))
    return '';
  try {
    JSON.parse(text);
    return 'json';
  } catch {
    return '';
  }
}

/** The text as a code block whose fence is longer than any in it. */
export function fenced(text) {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);

  return `${fence}${languageOf(text)}\n${text.replace(/\r\n?/g, '\n').replace(/\n+$/, '')}\n${fence}\n`;
}

/** {lines, bytes} */
export function measure(text) {
  return { lines: text.replace(/\n$/, '').split('\n').length, bytes: new TextEncoder().encode(text).length };
}

/** What a file may have at most. */
export const FILE_BYTES = 256 * 1024;

/** How it begins: a few whole lines. */
export function beginning(text) {
  return text.replace(/^(\s*\n)+/, '').split('\n', 6).join('\n').slice(0, 400).trimEnd();
}
