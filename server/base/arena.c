/* SPDX-License-Identifier: MIT */
/* Blocks in a list, newest first; the first one is small, so that a short call costs little. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

#define BLOCK_FIRST ((size_t)960U) /* with its head in what malloc keeps at hand */
#define BLOCK_MAX   ((size_t)64U * 1024U)

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) char bytes[];
};

void arena_fini(struct arena *arena)
{
	struct arena_block *block = arena->head;

	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	*arena = (struct arena){0};
}

void arena_clear(struct arena *arena)
{
	struct arena_block *block = arena->head, *largest = NULL;

	while (block != NULL) {
		struct arena_block *next = block->next;

		if (largest == NULL || block->size > largest->size) {
			free(largest);
			largest = block;
		} else {
			free(block);
		}
		block = next;
	}
	if (largest != NULL) {
		largest->next = NULL;
		largest->used = 0;
	}
	*arena = (struct arena){.head = largest};
}

static struct arena_block *block_add(struct arena *arena, size_t need)
{
	size_t size = arena->head != NULL ? arena->head->size * 2 : BLOCK_FIRST;
	struct arena_block *block;

	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < need)
		size = need;
	block = xmalloc(sizeof(*block) + size);
	*block = (struct arena_block){.next = arena->head, .size = size};
	arena->head = block;
	return block;
}

void *arena_alloc_raw(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block = arena->head;
	size_t need;
	void *ptr;

	MUST(size <= SIZE_MAX / 2);
	need = (size + align - 1) / align * align;
	if (block == NULL || block->size - block->used < need)
		block = block_add(arena, need);
	ptr = block->bytes + block->used;
	block->used += need;
	arena->total += need;
	return ptr;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_alloc_raw(arena, size), 0, size);
}

char *arena_strdup(struct arena *arena, const char *text)
{
	size_t len = strlen(text);
	char *copy = arena_alloc_raw(arena, len + 1);

	memcpy(copy, text, len + 1);
	return copy;
}

char *arena_join(struct arena *arena, const char *first, ...)
{
	const char *part;
	size_t len = 0;
	va_list args;
	char *text, *at;

	va_start(args, first);
	for (part = first; part != NULL; part = va_arg(args, const char *))
		len += strlen(part);
	va_end(args);
	at = text = arena_alloc_raw(arena, len + 1);
	va_start(args, first);
	for (part = first; part != NULL; part = va_arg(args, const char *)) {
		len = strlen(part);
		memcpy(at, part, len);
		at += len;
	}
	va_end(args);
	*at = '\0';
	return text;
}

struct span arena_span(struct arena *arena, struct span src)
{
	char *copy;

	if (src.ptr == NULL)
		return src;
	copy = arena_alloc_raw(arena, src.len + 1);
	if (src.len > 0)
		memcpy(copy, src.ptr, src.len);
	copy[src.len] = '\0';
	return (struct span){.ptr = copy, .len = src.len};
}
