/* SPDX-License-Identifier: MIT */
/* Stands in for uthash while clang-tidy and cppcheck read the code, and only then: the real
 * macros expand to hundreds of branches that count as the caller's, and hide from the analyser
 * what belongs to whom. Types are as strict as there; what is found is unknown. */
#ifndef TB_ANALYSIS_UTHASH_H
#define TB_ANALYSIS_UTHASH_H

#include <stddef.h>

typedef struct UT_hash_handle {
	void *next, *prev;
} UT_hash_handle;

void *analysis_any(const void *table, const void *key, size_t len);
void *analysis_put(void *table, const void *key, void *item);
size_t analysis_count(const void *table);

#define HASH_COUNT(head) ((unsigned)analysis_count(head))
#define HASH_FIND(hh, head, key, len, out) \
	((void)sizeof((out)->hh), (out) = analysis_any(head, key, len))
#define HASH_FIND_STR(head, key, out) HASH_FIND(hh, head, key, 0, out)
#define HASH_FIND_INT(head, key, out) HASH_FIND(hh, head, key, 0, out)
#define HASH_ADD(hh, head, field, len, item) \
	((void)sizeof((item)->hh), (head) = analysis_put(head, &(item)->field, item))
#define HASH_ADD_KEYPTR(hh, head, key, len, item) ((head) = analysis_put(head, key, item))
#define HASH_ADD_STR(head, field, item)           ((head) = analysis_put(head, (item)->field, item))
#define HASH_ADD_INT(head, field, item)           HASH_ADD(hh, head, field, 0, item)
#define HASH_DELETE(hh, head, item)               ((head) = analysis_put(head, NULL, item))
#define HASH_DEL(head, item)                      HASH_DELETE(hh, head, item)
#define HASH_CLEAR(hh, head)                      ((head) = NULL)
#define HASH_ITER(hh, head, item, next_item)                                             \
	for ((item) = (head), (next_item) = analysis_any(item, NULL, 0); (item) != NULL; \
	     (item) = (next_item), (next_item) = analysis_any(item, NULL, 0))

#endif
