/* SPDX-License-Identifier: MIT */
#include "policy_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "base/mem.h"

/* NOT_FOUND, or TOO_LARGE, or UNAVAILABLE (then errno says why). */
static enum status read_file(const char *path, char *bytes, size_t size, size_t *len_out)
{
	FILE *file = fopen(path, "re");
	enum status st = ST_OK;

	if (file == NULL)
		return errno == ENOENT ? ST_NOT_FOUND : ST_UNAVAILABLE;
	*len_out = fread(bytes, 1, size, file);
	if (ferror(file) != 0)
		st = ST_UNAVAILABLE;
	else if (*len_out == size)
		st = ST_TOO_LARGE;
	(void)fclose(file);
	return st;
}

static void take_built_in(struct policy_file *file)
{
	struct span text = policy_default();

	file->path = "built-in policy";
	memcpy(file->text, text.ptr, text.len);
	file->len = text.len;
}

static enum status read_text(const char *path, struct policy_file *file, char *why)
{
	enum status st;

	file->path = path != NULL ? path : POLICY_DEFAULT;
	file->text = xmalloc(POLICY_BYTES_MAX + 1);
	st = read_file(file->path, file->text, POLICY_BYTES_MAX + 1, &file->len);
	if (st == ST_NOT_FOUND && path == NULL) {
		take_built_in(file);
		return ST_OK;
	}
	if (st == ST_OK)
		return ST_OK;
	(void)snprintf(why, POLICY_FILE_WHY_SIZE, "cannot read the policy %.160s: %s", file->path,
	               st == ST_TOO_LARGE ? "it is too large"
	                                  : uv_strerror(uv_translate_sys_error(errno)));
	return ST_BAD_REQUEST;
}

enum status policy_file_load(const char *path, wall_ms now, struct policy_file *file, char *why)
{
	struct zones zones;
	struct zone_source source;

	*file = (struct policy_file){0};
	if (read_text(path, file, why) != ST_OK)
		return ST_BAD_REQUEST;
	zones_init(&zones);
	source = zones_source(&zones);
	if (policy_check((struct span){.ptr = file->text, .len = file->len}, &source, now,
	                 &file->policy, &file->mistakes) == ST_OK)
		return ST_OK;
	(void)snprintf(why, POLICY_FILE_WHY_SIZE, "the policy %.160s has %zu mistake%s", file->path,
	               file->mistakes.mistakes, file->mistakes.mistakes == 1 ? "" : "s");
	return ST_BAD_REQUEST;
}

void policy_file_fini(struct policy_file *file)
{
	policy_unref(&file->policy);
	policy_mistakes_fini(&file->mistakes);
	free(file->text);
	file->text = NULL;
}

void policy_file_print(const struct policy_file *file, FILE *out)
{
	for (size_t i = 0; i < file->mistakes.count; i++) {
		const struct policy_mistake *mistake = &file->mistakes.items[i];

		(void)fprintf(out, "%s: %s%s\n", mistake->path, mistake->warning ? "warning: " : "",
		              mistake->sentence);
	}
}

static enum status read_version(void *ctx, struct span text, struct policy **out)
{
	struct zone_source source = zones_source(ctx);
	struct policy_mistakes mistakes = {0};
	enum status st = policy_parse(text, &source, out, &mistakes);

	policy_mistakes_fini(&mistakes);
	return st;
}

struct policy_reader policy_file_reader(struct zones *zones)
{
	return (struct policy_reader){.ctx = zones, .read = read_version};
}
