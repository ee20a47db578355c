/* SPDX-License-Identifier: MIT */
/* Stands in for <sys/queue.h> while clang-tidy and cppcheck read the code, as uthash.h here
 * does: the analyser cannot follow an element out of a list and reports its next head as
 * freed. What a list holds is unknown to it then. */
#ifndef TB_ANALYSIS_QUEUE_H
#define TB_ANALYSIS_QUEUE_H

#include <stddef.h>

void *analysis_next(const void *list);
void analysis_link(void *list, void *item);

#define ANALYSIS_HEAD(name, type)   \
	struct name {               \
		struct type *first; \
		struct type **last; \
	}
#define ANALYSIS_ENTRY(type)        \
	struct {                    \
		struct type *next;  \
		struct type **prev; \
	}
#define ANALYSIS_FIRST(head)       ((__typeof__((head)->first))analysis_next(head))
#define ANALYSIS_NEXT(item, field) ((__typeof__((item)->field.next))analysis_next(item))
#define ANALYSIS_FOREACH(var, head, field) \
	for ((var) = ANALYSIS_FIRST(head); (var) != NULL; (var) = ANALYSIS_NEXT(var, field))
#define ANALYSIS_INIT(head)              ((head)->first = NULL, (head)->last = NULL)
#define ANALYSIS_EMPTY(head)             (analysis_next(head) == NULL)
#define ANALYSIS_LINK(head, item, field) ((void)sizeof((item)->field), analysis_link(head, item))
#define ANALYSIS_UNLINK(item, field)     ((void)sizeof((item)->field), analysis_link(NULL, item))

#define LIST_HEAD  ANALYSIS_HEAD
#define LIST_ENTRY ANALYSIS_ENTRY
#define LIST_HEAD_INITIALIZER(head) \
	{                           \
		NULL, NULL          \
	}
#define LIST_INIT                           ANALYSIS_INIT
#define LIST_EMPTY                          ANALYSIS_EMPTY
#define LIST_FIRST                          ANALYSIS_FIRST
#define LIST_NEXT                           ANALYSIS_NEXT
#define LIST_FOREACH                        ANALYSIS_FOREACH
#define LIST_INSERT_HEAD                    ANALYSIS_LINK
#define LIST_INSERT_AFTER(at, item, field)  analysis_link(at, item)
#define LIST_INSERT_BEFORE(at, item, field) analysis_link(at, item)
#define LIST_REMOVE                         ANALYSIS_UNLINK

#define SLIST_HEAD                            ANALYSIS_HEAD
#define SLIST_ENTRY                           ANALYSIS_ENTRY
#define SLIST_INIT                            ANALYSIS_INIT
#define SLIST_EMPTY                           ANALYSIS_EMPTY
#define SLIST_FIRST                           ANALYSIS_FIRST
#define SLIST_NEXT                            ANALYSIS_NEXT
#define SLIST_FOREACH                         ANALYSIS_FOREACH
#define SLIST_INSERT_HEAD                     ANALYSIS_LINK
#define SLIST_REMOVE_HEAD(head, field)        analysis_link(head, NULL)
#define SLIST_REMOVE(head, item, type, field) ANALYSIS_LINK(head, item, field)

#define STAILQ_HEAD                     ANALYSIS_HEAD
#define STAILQ_ENTRY                    ANALYSIS_ENTRY
#define STAILQ_INIT                     ANALYSIS_INIT
#define STAILQ_EMPTY                    ANALYSIS_EMPTY
#define STAILQ_FIRST                    ANALYSIS_FIRST
#define STAILQ_NEXT                     ANALYSIS_NEXT
#define STAILQ_FOREACH                  ANALYSIS_FOREACH
#define STAILQ_INSERT_HEAD              ANALYSIS_LINK
#define STAILQ_INSERT_TAIL              ANALYSIS_LINK
#define STAILQ_REMOVE_HEAD(head, field) analysis_link(head, NULL)
#define STAILQ_CONCAT(head, other)      analysis_link(head, other)

#define TAILQ_HEAD  ANALYSIS_HEAD
#define TAILQ_ENTRY ANALYSIS_ENTRY
#define TAILQ_HEAD_INITIALIZER(head) \
	{                            \
		NULL, NULL           \
	}
#define TAILQ_INIT                                        ANALYSIS_INIT
#define TAILQ_EMPTY                                       ANALYSIS_EMPTY
#define TAILQ_FIRST                                       ANALYSIS_FIRST
#define TAILQ_NEXT                                        ANALYSIS_NEXT
#define TAILQ_PREV(item, headname, field)                 ANALYSIS_NEXT(item, field)
#define TAILQ_LAST(head, headname)                        ANALYSIS_FIRST(head)
#define TAILQ_FOREACH                                     ANALYSIS_FOREACH
#define TAILQ_FOREACH_REVERSE(var, head, headname, field) ANALYSIS_FOREACH(var, head, field)
#define TAILQ_INSERT_HEAD                                 ANALYSIS_LINK
#define TAILQ_INSERT_TAIL                                 ANALYSIS_LINK
#define TAILQ_INSERT_AFTER(head, at, item, field)         ANALYSIS_LINK(head, item, field)
#define TAILQ_INSERT_BEFORE(at, item, field)              analysis_link(at, item)
#define TAILQ_REMOVE                                      ANALYSIS_LINK
#define TAILQ_CONCAT(head, other, field)                  analysis_link(head, other)

#endif
