/* SPDX-License-Identifier: MIT */
/* Every fixed statement of the record. The numbers of enumerators are on disk: the rows of
 * core's tables are only ever added to at their end (sqlite_schema.c pins them). */
#ifndef TB_ADAPTER_SQLITE_SQL_H
#define TB_ADAPTER_SQLITE_SQL_H

/* The order that ticket_from_row() reads. */
#define TICKET_COLUMNS                                                                                \
	"t.number, t.status, t.priority, t.channel, t.resolution, t.tier, t.agent, t.agent_name, "    \
	"t.generation, t.waiting_since, t.queue_head, t.visitor, t.visitor_name, "                    \
	"t.visitor_email, t.visitor_verified, t.production_stopped, t.data_exposed, t.page_url, "     \
	"t.page_title, t.title, t.topic, t.tags, t.articles, t.created_at, "                          \
	"t.first_response_due, t.first_response_at, t.resolution_due, t.resolved_at, t.rating, "      \
	"l.last_seq, l.last_public_seq, l.last_reply_seq, l.last_reply_agent, "                       \
	"l.messages_count, l.visitor_read_seq, l.agent_read_seq, l.last_id, l.agent_at, "             \
	"l.visitor_at, c.policy, c.next_due, c.fired, c.paused_since, c.paused_wall_ms, "             \
	"c.paused_open_ms, c.tier_since, c.accepted_at, c.work_since, c.work_ms, c.immediate, "       \
	"c.possible_incident, c.choice_due, c.stale, c.needed_tier, c.stopped, c.stopped_at, "        \
	"c.immediate_at, c.pages, c.paged_at, c.page_acked_at, c.approval, c.approved_at, "           \
	"c.reopened, c.failed_answers, c.parent, c.previous, c.resumed_at, t.links, "                 \
	"t.closing_by, t.closing_at, t.closing_from, t.closing_choice, l.files_count, c.milestones, " \
	"c.first_left_ms, c.first_left_clock, c.resolution_left_ms, c.resolution_left_clock, "        \
	"c.sent_pages"
#define TICKET_LAST_ID      36 /* the newest entry */
#define TICKET_CLOCK_DUE    40
#define TICKET_CLOCK_NUMBER 79 /* of SQL_CLOCK_DUE, behind the others */
#define TICKET_JOINS \
	"JOIN ticket_log l ON l.number = t.number JOIN ticket_clock c ON c.number = t.number "
#define TICKET_SELECT "SELECT " TICKET_COLUMNS " FROM ticket t " TICKET_JOINS

/* The order that entry_from_row() reads. */
#define ENTRY_SELECT                                                                    \
	"SELECT ticket, seq, at, kind, from_role, from_agent, prev_public, client_id, " \
	"from_name, text, url, title, event, agent_name, tier, tier_from, reason, "     \
	"resolution, score, author, size, lines, removed, page FROM entry "

/* What customer_look.h wants to know of a ticket. */
#define CUSTOMER_SELECT                                                                     \
	"SELECT number, created_at, status, visitor_name, visitor_email, visitor_verified " \
	"FROM ticket "

#define AGENT_SELECT                                                 \
	"SELECT a.id, a.email, a.name, a.tier, a.role, a.disabled, " \
	"a.must_change_password, a.password_hash, a.created_at FROM agent a "

/* The order that session_from_row() reads. */
#define SESSION_SELECT                                                                      \
	"SELECT id, hash, kind, agent, created_at, expires_at, scope, used_at, label FROM " \
	"session "

/* The columns of ticket_clock but next_due, whose index is left alone where it is not set. */
#define CLOCK_SET                                                                                 \
	"policy=?2, fired=?4, paused_since=?5, paused_wall_ms=?6, paused_open_ms=?7, "            \
	"tier_since=?8, accepted_at=?9, work_since=?10, work_ms=?11, immediate=?12, "             \
	"possible_incident=?13, choice_due=?14, stale=?15, needed_tier=?16, stopped=?17, "        \
	"stopped_at=?18, immediate_at=?19, pages=?20, paged_at=?21, page_acked_at=?22, "          \
	"approval=?23, approved_at=?24, reopened=?25, failed_answers=?26, parent=?27, "           \
	"previous=?28, resumed_at=?29, milestones=?30, first_left_ms=?31, first_left_clock=?32, " \
	"resolution_left_ms=?33, resolution_left_clock=?34, sent_pages=?35 WHERE number=?1"

#define FIRED_CLAIMS 8 /* rows of SQL_FIRED_CLAIMS */

/* X(enumerator, text). The parameters of a ticket are in the order of its columns in all
 * statements that write it. SQL_TICKET_UPDATE_REST leaves those columns alone that an index names,
 * and so the indexes: SQLite would write seven of them anew. */
#define SQL_TABLE(X)                                                                                \
	X(SQL_BEGIN_WRITE, "BEGIN IMMEDIATE")                                                       \
	X(SQL_BEGIN_READ, "BEGIN")                                                                  \
	X(SQL_COMMIT, "COMMIT")                                                                     \
	X(SQL_ROLLBACK, "ROLLBACK")                                                                 \
	X(SQL_SAVEPOINT, "SAVEPOINT one")                                                           \
	X(SQL_ROLLBACK_TO, "ROLLBACK TO one")                                                       \
	X(SQL_RELEASE, "RELEASE one")                                                               \
	X(SQL_TICKET_INSERT,                                                                        \
	  "INSERT INTO ticket VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,"  \
	  "?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?29,?30,?31,?32,?33,?34,?35)")               \
	X(SQL_TICKET_UPDATE,                                                                        \
	  "UPDATE ticket SET status=?2, priority=?3, channel=?4, resolution=?5, tier=?6, agent=?7," \
	  " agent_name=?8, generation=?9, waiting_since=?10, queue_head=?11, visitor_name=?13,"     \
	  " visitor_email=?14, visitor_verified=?15, production_stopped=?16, data_exposed=?17,"     \
	  " page_url=?18, page_title=?19, title=?20, topic=?21, tags=?22, articles=?23,"            \
	  " first_response_due=?25, first_response_at=?26, resolution_due=?27, resolved_at=?28,"    \
	  " rating=?29, due=?30, links=?31, closing_by=?32, closing_at=?33, closing_from=?34,"      \
	  " closing_choice=?35 WHERE number=?1")                                                    \
	X(SQL_TICKET_UPDATE_REST,                                                                   \
	  "UPDATE ticket SET channel=?4, resolution=?5, tier=?6, agent=?7, agent_name=?8,"          \
	  " generation=?9, waiting_since=?10, queue_head=?11, visitor_name=?13,"                    \
	  " visitor_verified=?15, production_stopped=?16, data_exposed=?17, page_url=?18,"          \
	  " page_title=?19, title=?20, tags=?22, articles=?23, first_response_due=?25,"             \
	  " first_response_at=?26, resolution_due=?27, resolved_at=?28, rating=?29, links=?31,"     \
	  " closing_by=?32, closing_at=?33, closing_from=?34, closing_choice=?35"                   \
	  " WHERE number=?1")                                                                       \
	X(SQL_LOG_INSERT,                                                                           \
	  "INSERT INTO ticket_log VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)")                 \
	X(SQL_LOG_UPDATE,                                                                           \
	  "UPDATE ticket_log SET last_seq=?2, last_public_seq=?3, last_reply_seq=?4,"               \
	  " last_reply_agent=?5, messages_count=?6, visitor_read_seq=?7, agent_read_seq=?8,"        \
	  " last_id=?9, agent_at=?10, visitor_at=?11, files_count=?12 WHERE number=?1")             \
	X(SQL_CLOCK_INSERT,                                                                         \
	  "INSERT INTO ticket_clock VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,"    \
	  "?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?29,?30,?31,?32,?33,?34,?35)")       \
	X(SQL_CLOCK_MOVE, "UPDATE ticket_clock SET next_due=?3, " CLOCK_SET)                        \
	X(SQL_CLOCK_UPDATE, "UPDATE ticket_clock SET " CLOCK_SET)                                   \
	X(SQL_CLOCK_DUE,                                                                            \
	  "SELECT " TICKET_COLUMNS ", c.number FROM ticket_clock c LEFT JOIN ticket t"              \
	  " ON t.number = c.number LEFT JOIN ticket_log l ON l.number = c.number"                   \
	  " WHERE c.next_due > 0 AND c.next_due <= ?1 AND c.next_due >= ?2 AND"                     \
	  " (c.next_due > ?2 OR c.number > ?3) ORDER BY c.next_due, c.number LIMIT ?4")             \
	X(SQL_CLOCK_NEXT, "SELECT min(next_due) FROM ticket_clock WHERE next_due > 0")              \
	X(SQL_CLOCK_PUT_OFF, "UPDATE ticket_clock SET next_due=?2 WHERE number=?1")                 \
	X(SQL_FIRED_PUT, "INSERT OR IGNORE INTO fired VALUES (?1,?2,?3,?4)")                        \
	X(SQL_FIRED_CLAIM, "INSERT OR FAIL INTO fired VALUES (?2,?3,?4,?1)")                        \
	X(SQL_FIRED_CLAIMS,                                                                         \
	  "INSERT OR FAIL INTO fired VALUES (?2,?3,?4,?1), (?5,?6,?7,?1), (?8,?9,?10,?1),"          \
	  " (?11,?12,?13,?1), (?14,?15,?16,?1), (?17,?18,?19,?1), (?20,?21,?22,?1),"                \
	  " (?23,?24,?25,?1)")                                                                      \
	X(SQL_FIRED_DELETE, "DELETE FROM fired WHERE ticket = ?1 AND slot = ?2 AND due = ?3")       \
	X(SQL_FIRED_GET, "SELECT at FROM fired WHERE ticket = ?1 AND slot = ?2 AND due = ?3")       \
	X(SQL_POLICY_NEWEST,                                                                        \
	  "SELECT id FROM policy WHERE id = (SELECT max(id) FROM policy) AND text = ?1")            \
	X(SQL_POLICY_INSERT, "INSERT INTO policy VALUES (?1,?2,?3)")                                \
	X(SQL_POLICY_MAX, "SELECT max(id) FROM policy")                                             \
	X(SQL_POLICIES, "SELECT id, adopted_at, text FROM policy ORDER BY id DESC LIMIT ?1")        \
	X(SQL_SIMILAR,                                                                              \
	  "SELECT count(*), count(DISTINCT CASE WHEN visitor IS NOT NULL THEN visitor"              \
	  " WHEN visitor_email <> '' THEN visitor_email END) FROM"                                  \
	  " (SELECT visitor, visitor_email FROM ticket WHERE topic = ?1 AND created_at >= ?2"       \
	  " ORDER BY created_at DESC LIMIT ?3)")                                                    \
	X(SQL_CUSTOMER,                                                                             \
	  "SELECT json_group_array(number) FROM (SELECT number FROM ticket WHERE visitor ="         \
	  " (SELECT visitor FROM ticket WHERE number = ?1) UNION SELECT number FROM ticket"         \
	  " WHERE visitor_email = (SELECT visitor_email FROM ticket WHERE number = ?1)"             \
	  " COLLATE NOCASE AND visitor_email <> '' UNION SELECT number FROM ticket"                 \
	  " WHERE number = ?1 ORDER BY number DESC LIMIT ?2)")                                      \
	X(SQL_CUSTOMER_ROWS, CUSTOMER_SELECT                                                        \
	  "WHERE visitor = (SELECT visitor FROM ticket WHERE number = ?1)"                          \
	  " UNION " CUSTOMER_SELECT "WHERE visitor_email = (SELECT visitor_email FROM ticket"       \
	  " WHERE number = ?1) COLLATE NOCASE AND visitor_email <> '' UNION " CUSTOMER_SELECT       \
	  "WHERE number = ?1 ORDER BY number DESC LIMIT ?2")                                        \
	X(SQL_CUSTOMERS, CUSTOMER_SELECT "WHERE number < ?1 ORDER BY number DESC")                  \
	X(SQL_TICKET_GET, TICKET_SELECT "WHERE t.number = ?1")                                      \
	X(SQL_TICKET_LIVE_OF,                                                                       \
	  "SELECT number FROM ticket WHERE visitor = ?1 AND visitor IS NOT NULL AND status < 3")    \
	X(SQL_TICKET_LAST_OF, "SELECT max(number) FROM ticket WHERE visitor = ?1")                  \
	X(SQL_TICKET_LAST,                                                                          \
	  TICKET_SELECT "WHERE t.number = (SELECT max(number) FROM ticket WHERE visitor = ?1)")     \
	X(SQL_TICKETS_LIVE_COUNT, "SELECT count(*) FROM ticket WHERE status < 3")                   \
	X(SQL_TICKETS_LIVE, TICKET_SELECT                                                           \
	  "WHERE t.number IN (SELECT number FROM ticket WHERE status < 3) ORDER BY t.number")       \
	X(SQL_MESSAGE_INSERT,                                                                       \
	  "INSERT INTO entry(id, prev_id, block_id, ticket, seq, at, kind, from_role,"              \
	  " from_agent, prev_public, author, client_id, from_name, text, url, title, size, lines,"  \
	  " removed) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)")  \
	X(SQL_EVENT_INSERT,                                                                         \
	  "INSERT INTO entry VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,"   \
	  "?18,?19,?20,?21,?22,?23,NULL,NULL,NULL,?24)")                                            \
	X(SQL_FILE_INSERT, "INSERT INTO file VALUES (?1,?2,?3)")                                    \
	X(SQL_FILE_GET, "SELECT f.name, f.body, t.visitor FROM file f JOIN ticket t"                \
	                " ON t.number = ?1 WHERE f.id = ?2")                                        \
	X(SQL_CONTEXT_PUT, "INSERT OR REPLACE INTO ticket_context VALUES (?1,?2)")                  \
	X(SQL_CONTEXT_GET, "SELECT text FROM ticket_context WHERE number = ?1")                     \
	X(SQL_ENTRY_GET, ENTRY_SELECT "WHERE id = ?1")                                              \
	X(SQL_ENTRY_LINK,                                                                           \
	  "SELECT prev_id, block_id, seq, author, client_id FROM entry WHERE id = ?1")              \
	X(SQL_ENTRY_MAX, "SELECT max(id) FROM entry")                                               \
	X(SQL_LOG_LAST, "SELECT last_id, last_seq FROM ticket_log WHERE number = ?1")               \
	X(SQL_CHANGE_INSERT, "INSERT INTO change VALUES (?1,?2,?3,?4,?5,?6,?7)")                    \
	X(SQL_CHANGE_MAX, "SELECT max(id) FROM change WHERE id > ?1 AND id < ?2")                   \
	X(SQL_CHANGES, "SELECT id, at, actor, field, value_from, value_to, why FROM change"         \
	               " WHERE id > ?1 AND id < ?2 ORDER BY id")                                    \
	X(SQL_KEY_INSERT, "INSERT INTO command_key VALUES (?1,?2,?3,?4)")                           \
	X(SQL_KEY_GET,                                                                              \
	  "SELECT entry FROM command_key WHERE ticket = ?1 AND author = ?2 AND client_id = ?3")     \
	X(SQL_KEYS, "SELECT entry, author, client_id FROM command_key WHERE ticket = ?1")           \
	X(SQL_CREATE_KEY_INSERT, "INSERT INTO create_key VALUES (?1,?2,?3,?4)")                     \
	X(SQL_CREATE_KEY_GET,                                                                       \
	  "SELECT ticket, entry FROM create_key WHERE author = ?1 AND client_id = ?2")              \
	X(SQL_AGENT_INSERT, "INSERT INTO agent VALUES (NULL,?2,?3,?4,?5,?6,?7,?8,?9)")              \
	X(SQL_AGENT_UPDATE,                                                                         \
	  "UPDATE agent SET email=?2, name=?3, tier=?4, role=?5, disabled=?6,"                      \
	  " must_change_password=?7, password_hash=?8, created_at=?9 WHERE id=?1")                  \
	X(SQL_AGENT_GET, AGENT_SELECT "WHERE a.id = ?1")                                            \
	X(SQL_AGENT_BY_EMAIL, AGENT_SELECT "WHERE a.email = ?1")                                    \
	X(SQL_AGENTS, AGENT_SELECT "ORDER BY a.id")                                                 \
	X(SQL_AGENT_COUNT, "SELECT count(*) FROM agent")                                            \
	X(SQL_SESSION_PUT,                                                                          \
	  "INSERT INTO session VALUES (nullif(?9, 0),?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT(hash) DO" \
	  " UPDATE SET kind = ?2, agent = ?3, created_at = ?4, expires_at = ?5, scope = ?6,"        \
	  " used_at = ?7, label = ?8 RETURNING id")                                                 \
	X(SQL_SESSION_GET,                                                                          \
	  SESSION_SELECT "WHERE hash = ?1 AND (expires_at = 0 OR expires_at > ?2)")                 \
	X(SQL_TOKEN_GET, SESSION_SELECT "WHERE id = ?1 AND kind = 1 AND (?2 = 0 OR agent = ?2)")    \
	X(SQL_TOKEN_SET, "UPDATE session SET label = ?2, used_at = ?3 WHERE id = ?1")               \
	X(SQL_TOKENS,                                                                               \
	  SESSION_SELECT "WHERE agent = ?1 AND kind = 1 AND (expires_at = 0 OR expires_at > ?2)"    \
	                 " ORDER BY id LIMIT ?3")                                                   \
	X(SQL_LISTS_OTHERS, "SELECT count(*) FROM saved_list WHERE agent = ?1 AND name <> ?2")      \
	X(SQL_LIST_PUT,                                                                             \
	  "INSERT INTO saved_list(agent, name, query) VALUES (?1,?2,?3) ON CONFLICT (agent, name)"  \
	  " DO UPDATE SET query = ?3 RETURNING id")                                                 \
	X(SQL_LIST_END, "DELETE FROM saved_list WHERE id = ?1 AND agent = ?2")                      \
	X(SQL_LISTS, "SELECT id, name, query FROM saved_list WHERE agent = ?1 ORDER BY id")         \
	X(SQL_SESSION_END, "DELETE FROM session WHERE hash = ?1")                                   \
	X(SQL_SESSIONS_END,                                                                         \
	  "DELETE FROM session WHERE agent = ?1 AND CASE kind WHEN 0 THEN ?2 ELSE ?3 END")          \
	X(SQL_META_PUT, "INSERT OR REPLACE INTO meta VALUES (?1,?2)")                               \
	X(SQL_META_GET, "SELECT value FROM meta WHERE key = ?1")                                    \
	X(SQL_QUEUE_MAX, "SELECT max(id) FROM search_queue")                                        \
	X(SQL_QUEUE_INSERT, "INSERT INTO search_queue VALUES (?1,?2)")                              \
	X(SQL_QUEUE_NEXT,                                                                           \
	  "SELECT q.id, q.ticket, s.title, t.title FROM search_queue q"                             \
	  " JOIN ticket t ON t.number = q.ticket LEFT JOIN search_title s ON s.ticket = q.ticket"   \
	  " WHERE q.id <= ?1 ORDER BY q.id LIMIT 1")                                                \
	X(SQL_QUEUE_DELETE, "DELETE FROM search_queue WHERE id = ?1")                               \
	X(SQL_SEARCH_TITLE_PUT, "INSERT OR REPLACE INTO search_title VALUES (?1,?2)")               \
	X(SQL_SEARCH_MARK_GET, "SELECT entry FROM search_mark")                                     \
	X(SQL_SEARCH_MARK_PUT, "UPDATE search_mark SET entry = ?1")                                 \
	X(SQL_SEARCH_ENTRIES,                                                                       \
	  "SELECT id, ticket, seq, kind, text, title FROM entry WHERE id > ?1 AND id <= ?2"         \
	  " ORDER BY id LIMIT ?3")                                                                  \
	X(SQL_SEARCH_INSERT, "INSERT INTO search(rowid, text, title) VALUES (?1,?2,?3)")            \
	X(SQL_SEARCH_DELETE,                                                                        \
	  "INSERT INTO search(search, rowid, text, title) VALUES ('delete',?1,NULL,?2)")            \
	X(SQL_TICKETS_OLD,                                                                          \
	  "SELECT number FROM ticket WHERE created_at < ?1 AND status >= 3 AND"                     \
	  " resolved_at > 0 AND resolved_at < ?1 ORDER BY created_at, number LIMIT"                 \
	  " ?2")                                                                                    \
	X(SQL_REMAINS_FIRST, "SELECT min(id) FROM remains")                                         \
	X(SQL_REMAINS_PUT, "INSERT INTO remains VALUES (?1)")                                       \
	X(SQL_REMAINS_MOVE, "UPDATE remains SET id = ?2 WHERE id = ?1")                             \
	X(SQL_REMAINS_DELETE, "DELETE FROM remains WHERE id = ?1")                                  \
	X(SQL_GIVEN_PUT, "UPDATE given SET ticket = max(ticket, ?1), entry = max(entry, ?2)")       \
	X(SQL_GIVEN_TICKET,                                                                         \
	  "SELECT max(ticket, coalesce((SELECT max(number) FROM ticket), 0)) FROM"                  \
	  " given")                                                                                 \
	X(SQL_GIVEN_ENTRY,                                                                          \
	  "SELECT max(entry, coalesce((SELECT max(id) FROM entry), 0)) FROM given")                 \
	X(SQL_FORGOTTEN_ADD,                                                                        \
	  "INSERT INTO forgotten VALUES (?1,?2,?3,?4,?5,?6) ON CONFLICT(day) DO"                    \
	  " UPDATE SET before = excluded.before, tickets = tickets +"                               \
	  " excluded.tickets, entries = entries + excluded.entries, files = files +"                \
	  " excluded.files, sessions = sessions + excluded.sessions")                               \
	X(SQL_ENTRY_WORDS,                                                                          \
	  "SELECT prev_id, ticket, seq, kind, text, title FROM entry WHERE id = ?1")                \
	X(SQL_ENTRY_DELETE, "DELETE FROM entry WHERE id = ?1")                                      \
	X(SQL_TICKET_DELETE, "DELETE FROM ticket WHERE number = ?1")                                \
	X(SQL_LOG_DELETE, "DELETE FROM ticket_log WHERE number = ?1")                               \
	X(SQL_CLOCK_DELETE, "DELETE FROM ticket_clock WHERE number = ?1")                           \
	X(SQL_CONTEXT_DELETE, "DELETE FROM ticket_context WHERE number = ?1")                       \
	X(SQL_KEYS_DELETE, "DELETE FROM command_key WHERE ticket = ?1")                             \
	X(SQL_CREATE_KEYS_DELETE, "DELETE FROM create_key WHERE ticket = ?1")                       \
	X(SQL_FIRED_DELETE_ALL, "DELETE FROM fired WHERE ticket = ?1")                              \
	X(SQL_TITLE_DELETE, "DELETE FROM search_title WHERE ticket = ?1")                           \
	X(SQL_QUEUE_DELETE_TICKET, "DELETE FROM search_queue WHERE ticket = ?1")                    \
	X(SQL_CHANGES_DELETE, "DELETE FROM change WHERE id > ?1 AND id < ?2")                       \
	X(SQL_FILES_COUNT, "SELECT count(*) FROM file WHERE id > ?1 AND id < ?2")                   \
	X(SQL_FILES_DELETE, "DELETE FROM file WHERE id > ?1 AND id < ?2")                           \
	X(SQL_SESSIONS_OLD_DELETE,                                                                  \
	  "DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE"                       \
	  " expires_at > 0 AND expires_at <= ?1 LIMIT ?2)")                                         \
	X(SQL_SEARCH_TITLE_GET, "SELECT title FROM search_title WHERE ticket = ?1")                 \
	X(SQL_SEARCH_FORGET, "INSERT INTO search(search, rowid, text, title) VALUES"                \
	                     " ('delete',?1,?2,?3)")                                                \
	X(SQL_FTS_API, "SELECT fts5(?1)")                                                           \
	X(SQL_SEARCH, "SELECT rowid FROM search WHERE search MATCH ?1")

#endif
