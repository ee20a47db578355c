/* SPDX-License-Identifier: MIT */
// The page as the agent sees it: no fragment, nothing that looks like a credential.

const SECRET_PARAM = /token|code|key|state|session|password|secret/i;
const URL_MAX = 1000;

export function pageContext(location, title) {
  const url = new URL(location);

  for (const name of [...url.searchParams.keys()]) {
    if (SECRET_PARAM.test(name))
      url.searchParams.set(name, '***');
  }
  url.hash = '';
  return { url: url.href.slice(0, URL_MAX), title };
}
