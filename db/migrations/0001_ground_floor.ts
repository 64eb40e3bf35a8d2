/**
 * Why now: the first tables. People, sides and access; documents; the update log with
 * every column it will ever need (none can be added later, rulings 1); versions.
 * Each column's meaning stands in `db/schema.ts`.
 */
import { type Kysely, sql } from "kysely";

const statements = [
  `create table setting (name text primary key, value text not null) without rowid`,
  `create table organisation (
    id text primary key, name text not null, kind text not null, sector text,
    is_placeholder integer not null default 0, is_illustrative integer not null default 0,
    created_at integer not null) strict`,
  `create table programme (
    id text primary key, slug text not null unique, title text not null, summary text not null,
    funder text, convenor text, starts_on text, ends_on text,
    is_illustrative integer not null default 0, created_at integer not null) strict`,
  `create table partnership (
    id text primary key, slug text not null unique,
    programme_id text not null references programme(id),
    title text not null, sector text, region text, aim text, background text,
    intended_impact text, sustainability text, contact_label text,
    starts_on text, ends_on text, source_text text, state text not null,
    is_illustrative integer not null default 0, created_at integer not null) strict`,
  `create table partnership_org (
    partnership_id text not null references partnership(id),
    organisation_id text not null references organisation(id),
    side text not null check (side in ('provider','employer','intermediary','funder')),
    role_text text, on_behalf_of text, position integer not null default 0,
    primary key (partnership_id, organisation_id, side)) strict`,
  `create table user (
    id text primary key, email text unique, name text not null, job_title text,
    password_hash text, status text not null check (status in ('active','suspended')),
    is_programme_admin integer not null default 0,
    kind text not null check (kind in ('person','server')),
    is_demo integer not null default 0, created_at integer not null) strict`,
  `create table membership (
    id text primary key,
    partnership_id text not null references partnership(id),
    user_id text not null references user(id),
    organisation_id text not null references organisation(id),
    side text not null check (side in ('provider','employer','intermediary','funder')),
    role text not null check (role in ('leader','facilitator','editor','commenter','observer')),
    status text not null check (status in ('active','left','suspended')),
    joined_at integer not null, left_at integer,
    unique (partnership_id, user_id)) strict`,
  `create index membership_of_user on membership(user_id)`,
  `create table session (
    secret_hash text primary key, id text not null unique,
    user_id text not null references user(id),
    created_at integer not null, last_seen_at integer not null, expires_at integer not null,
    device text not null, is_shared_computer integer not null default 0) strict`,
  `create index session_of_user on session(user_id)`,
  `create table invitation (
    id text primary key, token_hash text not null unique,
    partnership_id text not null references partnership(id),
    organisation_id text not null references organisation(id),
    side text not null, role text not null, email text not null,
    invited_by text not null references user(id),
    created_at integer not null, expires_at integer not null,
    accepted_at integer, revoked_at integer) strict`,
  `create index invitation_of_partnership on invitation(partnership_id)`,
  `create table password_reset (
    token_hash text primary key, user_id text not null references user(id),
    created_at integer not null, expires_at integer not null, used_at integer) strict`,
  `create table rate_limit (
    key text not null, window_at integer not null, count integer not null,
    primary key (key, window_at)) strict, without rowid`,
  `create table audit_event (
    id integer primary key, at integer not null, actor_user_id text, partnership_id text,
    verb text not null, object_type text not null, object_id text not null,
    before text, after text, request_id text, hash blob not null) strict`,
  `create table meeting (
    id text primary key, partnership_id text not null references partnership(id),
    number integer not null, kind text not null, title text not null,
    starts_at integer not null, ends_at integer, time_zone text not null,
    venue text, summary text, state text not null,
    unique (partnership_id, number)) strict`,
  `create table document (
    number integer primary key autoincrement,
    id text not null unique,
    partnership_id text not null references partnership(id),
    parent_id text references document(id),
    position real not null default 0,
    kind text not null check (kind in ('curriculum_plan','exchange_notes','case_study','page')),
    title text not null, meeting_id text references meeting(id),
    lineage_id text not null, epoch text not null, schema_number integer not null,
    is_recovering integer not null default 0,
    created_by text not null references user(id), created_at integer not null,
    archived_at integer, archived_by text references user(id)) strict`,
  `create index document_of_partnership on document(partnership_id, parent_id)`,

  // The log. No secondary index: with one, a lone keystroke writes 12.7 kB instead of
  // 8.3 (performance guide §1). Readers go by rowid, which is the order of arrival.
  `create table log_source (
    id integer primary key, document integer not null references document(number),
    epoch text not null, lineage text not null, schema_number integer not null,
    actor_kind text not null check (actor_kind in ('user','server','import','demo')),
    user_id text not null, side text, session_id text) strict`,
  `create table log (
    id integer primary key, source integer not null, document integer not null,
    seq integer not null, at integer not null,
    client_ids blob not null, bytes blob not null, hash blob not null) strict`,
  `create table log_key (
    document integer primary key, from_seq integer not null, key blob not null) strict`,
  `create table segment (
    document integer not null, from_seq integer not null, to_seq integer not null,
    first_hash blob not null, last_hash blob not null, key blob,
    metadata blob not null, bytes blob, commitments blob, purged_at integer,
    primary key (document, from_seq)) strict`,
  `create table checkpoint (
    document integer not null, seq integer not null, epoch text not null, log_id integer not null,
    state blob not null, state_vector blob not null, delete_set blob not null, at integer not null,
    primary key (document, seq)) strict`,
  `create table archive (
    document integer primary key, seq integer not null, epoch text not null, log_id integer not null,
    state blob not null, at integer not null) strict`,
  `create table client_lease (
    lineage text not null, client_id integer not null, user_id text not null, side text,
    session_id text, issued_at integer not null, is_verified integer not null default 1,
    primary key (lineage, client_id)) strict, without rowid`,
  `create table follower (name text primary key, log_id integer not null, at integer not null) strict`,
  `create table attr_delete (
    document integer not null, seq integer not null, user_id text not null, side text,
    ranges blob not null, primary key (document, seq)) strict, without rowid`,
  `create table attr_carry (
    document integer not null, to_client integer not null, to_clock integer not null,
    length integer not null, from_client integer not null, from_clock integer not null,
    kind text not null, seq integer not null,
    primary key (document, to_client, to_clock)) strict, without rowid`,
  `create index attr_carry_from on attr_carry(document, from_client, from_clock)`,
  `create table activity_day (
    document integer not null, day_on text not null, user_id text not null, side text,
    characters_added integer not null, characters_removed integer not null,
    first_at integer not null, last_at integer not null,
    primary key (document, day_on, user_id)) strict, without rowid`,
  `create table version (
    id text primary key, document_id text not null references document(id),
    number integer not null, seq integer not null, epoch text not null, kind text not null,
    name text, note text, snapshot blob not null, content_hash text not null,
    canon_version integer not null, schema_number integer not null, words integer not null,
    authors text not null, created_by text not null, created_side text, created_at integer not null,
    restored_from text, report text,
    unique (document_id, number)) strict`,
  // Content of a version never changes. Only thinned automatic versions may go (rulings 19).
  `create trigger version_content_is_fixed before update on version
    begin select raise(abort, 'a version cannot be changed'); end`,
  `create trigger version_is_kept before delete on version when old.kind <> 'auto'
    begin select raise(abort, 'only automatic versions can be thinned'); end`,
  `create trigger audit_is_fixed before update on audit_event
    begin select raise(abort, 'an audit row cannot be changed'); end`,
  `create trigger audit_is_kept before delete on audit_event
    begin select raise(abort, 'an audit row cannot be deleted'); end`,
  `create table document_text (
    document_id text primary key references document(id),
    seq integer not null, body text not null, words integer not null) strict`,
  // rowid = document.number. Holds its own copy of the text so that snippets work.
  `create virtual table document_search using fts5(title, body, tokenize = 'unicode61 remove_diacritics 2')`,
  `create table image (
    id text primary key, document_id text not null references document(id),
    partnership_id text not null references partnership(id),
    media_type text not null, width integer not null, height integer not null,
    byte_length integer not null, created_by text not null references user(id),
    created_at integer not null) strict`,
  `create table visit (
    user_id text not null, object_type text not null, object_id text not null, at integer not null,
    primary key (user_id, object_type, object_id)) strict, without rowid`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
