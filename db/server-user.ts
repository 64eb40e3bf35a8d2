/**
 * The server's own hand: templates, restores and merges are written under Yjs client
 * ids leased to this user (rulings 9), so that nobody gains credit for them. It has no
 * address and no password and cannot sign in.
 */

/** Fixed, so that the log's writer, scripts and pages mean the same row without asking. */
export const serverUserId = "5e54e000-0000-4000-8000-000000000000";

/** Makes the row where it is missing; parameters: id, created_at. */
export const insertServerUser = `insert into user
  (id, email, name, job_title, password_hash, status, is_programme_admin, kind, is_demo, created_at)
  values (?, null, 'Two-Way', null, null, 'active', 0, 'server', 0, ?) on conflict do nothing`;
