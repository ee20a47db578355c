/* SPDX-License-Identifier: MIT */
/* The guide as an HTML page. cmark makes HTML of the Markdown and lets no markup of the policy
 * through (its safe mode is the default); tables, which it does not know, are put in here, cell
 * by cell. */
#include "proto/guide.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

/* Colours keep a contrast of 4.5 to 1 in the light and in the dark. */
const char GUIDE_STYLE[] =
	":root{color-scheme:light dark;--text:#1b1b1b;--page:#fff;--line:#71767a;--mark:#f0f0f0;"
	"--link:#005ea2}"
	"@media (prefers-color-scheme:dark){:root{--text:#f0f0f0;--page:#1b1b1b;--line:#a9aeb1;"
	"--mark:#2d2e2f;--link:#73b3e7}}"
	"body{font:1rem/1.6 system-ui,sans-serif;color:var(--text);background:var(--page);margin:0}"
	"main{max-width:48rem;margin:0 auto;padding:1rem 1.25rem 4rem}"
	"h1{font-size:2rem;line-height:1.2}h2{font-size:1.5rem;margin-top:2.5rem;"
	"border-bottom:1px solid var(--line)}h3{font-size:1.15rem;margin-bottom:.25rem}"
	"a{color:var(--link)}a:focus-visible,div:focus-visible{outline:3px solid var(--link)}"
	"blockquote{margin:0;padding:.5rem 1rem;background:var(--mark);"
	"border-left:4px solid var(--line)}"
	".wide{overflow-x:auto}table{border-collapse:collapse}"
	"th,td{border:1px solid var(--line);padding:.4rem .7rem;text-align:left;vertical-align:top}"
	"thead th{background:var(--mark)}"
	"@media print{main{max-width:none}h2,h3{break-after:avoid}}";

static void put_html(struct buf *buf, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '<')
			buf_text(buf, "&lt;");
		else if (*text == '&')
			buf_text(buf, "&amp;");
		else if (*text == '"')
			buf_text(buf, "&quot;");
		else
			buf_char(buf, *text);
	}
}

static void put_markdown(struct buf *buf, const char *text, size_t len)
{
	char *html = cmark_markdown_to_html(text, len, CMARK_OPT_VALIDATE_UTF8);

	buf_text(buf, html);
	free(html);
}

/* What stands in one paragraph, without it. */
static void put_inline(struct buf *buf, const char *text, size_t len)
{
	static const char open[] = "<p>", close[] = "</p>\n";
	char *html = cmark_markdown_to_html(text, len, CMARK_OPT_VALIDATE_UTF8);
	size_t size = strlen(html);

	if (size >= sizeof(open) + sizeof(close) - 2 && strncmp(html, open, sizeof(open) - 1) == 0)
		buf_add(buf, html + sizeof(open) - 1, size - sizeof(open) - sizeof(close) + 2);
	free(html);
}

/* To the next "|" that is not escaped. */
static size_t cell_length(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] != '|')
		i += text[i] == '\\' && i + 1 < len ? 2 : 1;
	return i;
}

static void put_cell(struct buf *buf, const char *text, size_t len, bool heads_column,
                     bool heads_row)
{
	buf_text(buf, heads_column ? "<th scope=\"col\">"
	              : heads_row  ? "<th scope=\"row\">"
	                           : "<td>");
	put_inline(buf, text, len);
	buf_text(buf, heads_column || heads_row ? "</th>" : "</td>");
}

static void put_row(struct buf *buf, const char *line, size_t len, bool heads)
{
	bool first = true;

	buf_text(buf, "<tr>");
	for (size_t at = 1, cell; at < len; at += cell + 1) {
		cell = cell_length(line + at, len - at);
		put_cell(buf, line + at, cell, heads, first);
		first = false;
	}
	buf_text(buf, "</tr>\n");
}

/* Lines of one table; the second one only draws a line. Returns what is behind it. */
static const char *put_table(struct buf *buf, const char *text, unsigned number)
{
	/* Wide ones scroll by themselves, also by keyboard; each is a region with a name. */
	buf_fmt(buf,
	        "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Table %u\">\n"
	        "<table>\n<thead>\n",
	        number);
	for (unsigned row = 0; *text == '|'; row++) {
		size_t len = strcspn(text, "\n");

		if (row == 1)
			buf_text(buf, "</thead>\n<tbody>\n");
		else
			put_row(buf, text, len, row == 0);
		text += len + (text[len] == '\n');
	}
	buf_text(buf, "</tbody>\n</table>\n</div>\n");
	return text;
}

static void put_body(struct buf *buf, const char *text)
{
	unsigned tables = 0;

	while (*text != '\0') {
		const char *end = *text == '|' ? text : strstr(text, "\n|");

		if (end == text) {
			text = put_table(buf, text, ++tables);
			continue;
		}
		end = end != NULL ? end + 1 : text + strlen(text);
		put_markdown(buf, text, (size_t)(end - text));
		text = end;
	}
}

void guide_page(const struct policy *policy, wall_ms now, struct buf *buf)
{
	struct buf markdown = {0};

	guide_markdown(policy, now, &markdown);
	buf_text(buf, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	              "<title>");
	put_html(buf, policy->name);
	buf_text(buf, ": support guide</title>\n<style>");
	buf_text(buf, GUIDE_STYLE);
	buf_text(buf, "</style>\n</head>\n<body>\n<main>\n");
	put_body(buf, buf_cstr(&markdown));
	buf_text(buf, "</main>\n</body>\n</html>\n");
	buf_fini(&markdown);
}
