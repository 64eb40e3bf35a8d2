/**
 * The database as types: each table, each column's meaning and unit. Hand-written;
 * `schema.test.ts` compares it with what the migrations really made.
 *
 * Times are integers, milliseconds since 1970 in UTC, and end in `_at`. Dates without
 * a time are ISO text (`2015-02-24`) and end in `_on`. Ids are UUID v4 text made by
 * the application. Booleans are 0 or 1 and read as statements (`is_…`).
 */
import type { Generated } from "kysely";

type Bytes = Uint8Array;

/** Facts about this instance that are decided once, e.g. `demo` (rulings 13). */
export interface SettingTable {
  name: string;
  value: string;
}

export interface OrganisationTable {
  id: string;
  name: string;
  /** employer, provider, awarding_body, association, funder, authority, charity, university */
  kind: string;
  sector: string | null;
  /** 1 where the public record names no organisation ("various employers"). */
  is_placeholder: number;
  /** 1 for invented organisations, shown with the label "Illustrative content". */
  is_illustrative: number;
  created_at: number;
}

export interface ProgrammeTable {
  id: string;
  slug: string;
  title: string;
  summary: string;
  funder: string | null;
  convenor: string | null;
  starts_on: string | null;
  ends_on: string | null;
  is_illustrative: number;
  created_at: number;
}

export interface PartnershipTable {
  id: string;
  slug: string;
  programme_id: string;
  title: string;
  sector: string | null;
  region: string | null;
  aim: string | null;
  background: string | null;
  intended_impact: string | null;
  sustainability: string | null;
  /** A role, never a person's private address. */
  contact_label: string | null;
  starts_on: string | null;
  ends_on: string | null;
  /** Where the facts come from, e.g. the public page a demonstration record rests on. */
  source_text: string | null;
  /** proposed, forming, active, paused, writing_up, closed, archived */
  state: string;
  is_illustrative: number;
  created_at: number;
}

export interface PartnershipOrgTable {
  partnership_id: string;
  organisation_id: string;
  /** provider, employer, intermediary, funder */
  side: string;
  role_text: string | null;
  on_behalf_of: string | null;
  /** Order of the organisations of one side on the page, from 0. */
  position: number;
}

export interface UserTable {
  id: string;
  /** Lower case; the address people sign in with. Null for the server's own user. */
  email: string | null;
  name: string;
  /** What the person does, e.g. "Curriculum lead". */
  job_title: string | null;
  /** Argon2id in PHC text form; null while invited, or for people who cannot sign in. */
  password_hash: string | null;
  /** active, suspended */
  status: string;
  is_programme_admin: number;
  /** person: someone. server: the server's own hand (templates, restores). */
  kind: string;
  /** 1: offered under "look around as …" on a demonstration instance. */
  is_demo: number;
  created_at: number;
}

export interface MembershipTable {
  id: string;
  partnership_id: string;
  user_id: string;
  organisation_id: string;
  side: string;
  /** leader, facilitator, editor, commenter, observer */
  role: string;
  /** active, left, suspended */
  status: string;
  joined_at: number;
  left_at: number | null;
}

export interface SessionTable {
  /** SHA-256 of the cookie's secret, hex. The secret itself is stored nowhere. */
  secret_hash: string;
  /** Public id, safe to list. */
  id: string;
  user_id: string;
  created_at: number;
  last_seen_at: number;
  /** Absolute end, whatever the use. */
  expires_at: number;
  /** Cut user-agent text for the list of sessions, at most 120 characters. */
  device: string;
  /** 1: nothing is kept on the device (promise W12). */
  is_shared_computer: number;
}

export interface InvitationTable {
  id: string;
  /** SHA-256 of the link's token, hex. */
  token_hash: string;
  partnership_id: string;
  organisation_id: string;
  side: string;
  role: string;
  email: string;
  invited_by: string;
  created_at: number;
  expires_at: number;
  accepted_at: number | null;
  revoked_at: number | null;
}

export interface PasswordResetTable {
  token_hash: string;
  user_id: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

/** Fixed-window counters behind the rate limits (promise S12). */
export interface RateLimitTable {
  /** e.g. `sign-in:account:<sha256>` or `sign-in:ip:<prefix>` */
  key: string;
  window_at: number;
  count: number;
}

/** Who changed what about people and rights; hash-chained, never changed (promise S18). */
export interface AuditEventTable {
  /** 1, 2, 3 … without a gap. */
  id: number;
  at: number;
  actor_user_id: string | null;
  partnership_id: string | null;
  /** e.g. `membership.role-changed` */
  verb: string;
  object_type: string;
  object_id: string;
  /** JSON of what it was and became; null where there is none. */
  before: string | null;
  after: string | null;
  request_id: string | null;
  /** SHA-256 over the previous hash and this row's canonical JSON. */
  hash: Bytes;
}

export interface MeetingTable {
  id: string;
  partnership_id: string;
  /** Number of the exchange within its partnership, from 1. */
  number: number;
  /** exchange, site_visit, steering_group, webinar, event */
  kind: string;
  title: string;
  starts_at: number;
  ends_at: number | null;
  /** IANA name, e.g. `Europe/London`. */
  time_zone: string;
  venue: string | null;
  /** One line on what came of it. */
  summary: string | null;
  /** planned, held, cancelled */
  state: string;
}

export interface DocumentTable {
  id: string;
  /** Short number that log rows carry in place of the id. */
  number: Generated<number>;
  partnership_id: string;
  parent_id: string | null;
  /** Order among the children of one parent; halves are inserted between. */
  position: number;
  /** curriculum_plan, exchange_notes, case_study, page */
  kind: string;
  title: string;
  meeting_id: string | null;
  lineage_id: string;
  /** Changes whenever history is replaced (backup restored, purge); UUID. */
  epoch: string;
  /** Schema number of the newest editor that wrote into it. */
  schema_number: number;
  /**
   * Until then, ms, other people's ranges are taken as "author not verified" (recovery
   * epoch); 0 where no backup was brought back.
   */
  recovering_until: Generated<number>;
  created_by: string;
  created_at: number;
  archived_at: number | null;
  archived_by: string | null;
}

/**
 * Who and where a log row comes from: written once per connection (or server edit)
 * and never changed, so that a keystroke's row carries one small number (ADR 0009).
 */
export interface LogSourceTable {
  id: Generated<number>;
  document: number;
  epoch: string;
  lineage: string;
  schema_number: number;
  /** user, server, import, demo */
  actor_kind: string;
  user_id: string;
  /** Frozen at the time; null for none (▲). */
  side: string | null;
  session_id: string | null;
}

/** The truth: one accepted Yjs update per row, in the order of arrival over all documents. */
export interface LogTable {
  id: Generated<number>;
  source: number;
  /** `document.number` */
  document: number;
  /** 1, 2, 3 … without a gap within a document. */
  seq: number;
  at: number;
  /** Yjs client ids whose structs this update adds: varuints. Empty for pure deletions. */
  client_ids: Bytes;
  /** Yjs update, encoding v1, exactly as accepted. */
  bytes: Bytes;
  /** SHA-256(previous hash ‖ metadata ‖ HMAC-SHA-256(segment key, bytes)). */
  hash: Bytes;
}

/** Key of the open (unsealed) end of a document's log; destroyed by a purge (rulings 2). */
export interface LogKeyTable {
  document: number;
  from_seq: number;
  key: Bytes;
}

/** Sealed rows: the same bytes, packed. Format in `update-log/segment.ts` (ADR 0009). */
export interface SegmentTable {
  document: number;
  from_seq: number;
  to_seq: number;
  first_hash: Bytes;
  last_hash: Bytes;
  /** Null after a purge. */
  key: Bytes | null;
  /** Metadata of each row, packed. */
  metadata: Bytes;
  /** Null after a purge. */
  bytes: Bytes | null;
  /** HMAC of each row, kept by a purge so that the chain still verifies; else null. */
  commitments: Bytes | null;
  purged_at: number | null;
}

/** Stored bytes a newcomer gets: garbage-collected state up to `seq`. */
export interface CheckpointTable {
  document: number;
  seq: number;
  epoch: string;
  /** `log.id` of the row with this seq: later rows have a higher id. */
  log_id: number;
  /** Yjs update v1 of the garbage-collected document. */
  state: Bytes;
  /** Yjs state vector v1. */
  state_vector: Bytes;
  /** Yjs delete set v1 (the tail of an update without structs). */
  delete_set: Bytes;
  /** Where `state` may be cut for who knows a part (`collab-server/checkpoint-pieces.ts`); empty: nowhere. */
  pieces: Bytes;
  at: number;
  /** Over everything else here (`update-log/checkpoint-hash.ts`). Null: cannot be trusted, and is not served. */
  hash: Bytes | null;
}

/** The whole history as one Yjs state (`gc: false`), the followers' own starting point. */
export interface ArchiveTable {
  document: number;
  seq: number;
  epoch: string;
  log_id: number;
  /** Yjs update v2, brotli. */
  state: Bytes;
  at: number;
  /** Over document, place and state (`update-log/archive-hash.ts`). Null: cannot be trusted. */
  hash: Bytes | null;
}

/** Every Yjs client id belongs to one user for ever (promise W10). */
export interface ClientLeaseTable {
  lineage: string;
  client_id: number;
  user_id: string;
  side: string | null;
  session_id: string | null;
  issued_at: number;
  /** 0 where a recovery epoch accepted it: "author not verified". */
  is_verified: number;
}

/** How far each follower has read the log. Written together with its effects. */
export interface FollowerTable {
  name: string;
  log_id: number;
  at: number;
}

/** A document that a follower could not process: for it, that follower stands here instead (ADR 0014). */
export interface SetAsideTable {
  document: number;
  follower: string;
  /** Everything of this document up to here was processed; 0 for nothing. */
  log_id: number;
  /** Kind and place of the error, never its text: that may quote people. */
  fault: string;
  at: number;
}

/** Who deleted what: Yjs id ranges per row of the log that deleted something unseen. */
export interface AttrDeleteTable {
  document: number;
  seq: number;
  user_id: string;
  side: string | null;
  /** Delete set, Yjs encoding v1. */
  ranges: Bytes;
}

/** Carry map: text re-created under new ids keeps its first author (versions guide §2). */
export interface AttrCarryTable {
  document: number;
  to_client: number;
  to_clock: number;
  length: number;
  from_client: number;
  from_clock: number;
  /** restore, same, moved, undo, merge */
  kind: string;
  seq: number;
}

/** Characters typed and removed per document, day, person: the street and "recent activity". */
export interface ActivityDayTable {
  document: number;
  /** ISO date in UTC. */
  day_on: string;
  user_id: string;
  side: string | null;
  characters_added: number;
  characters_removed: number;
  first_at: number;
  last_at: number;
}

export interface VersionTable {
  id: string;
  document_id: string;
  /** v1, v2, v3 … within a document. */
  number: number;
  /** The version is the log up to and including this row. */
  seq: number;
  epoch: string;
  /** created, auto, handover, named, before_restore, restored */
  kind: string;
  name: string | null;
  note: string | null;
  /** Yjs snapshot, encoding v2. */
  snapshot: Bytes;
  /** SHA-256 of the canonical content, hex. */
  content_hash: string;
  canon_version: number;
  schema_number: number;
  words: number;
  /** JSON: `[{ userId, side, added, removed }]` in characters since the version before. */
  authors: string;
  created_by: string;
  created_side: string | null;
  created_at: number;
  restored_from: string | null;
  /** JSON report of a restore: text that could not be kept in place; null otherwise. */
  report: string | null;
}

/** Plain text of the present document, for search; derived, can be rebuilt. */
export interface DocumentTextTable {
  document_id: string;
  seq: number;
  body: string;
  words: number;
}

export interface ImageTable {
  id: string;
  document_id: string;
  partnership_id: string;
  /** image/png, image/jpeg, image/webp */
  media_type: string;
  width: number;
  height: number;
  byte_length: number;
  created_by: string;
  created_at: number;
}

/** When each person last looked at a document or partnership: recents and "since you were here". */
export interface VisitTable {
  user_id: string;
  /** document, partnership; partnership_before: the last look of the visit before this one */
  object_type: string;
  object_id: string;
  at: number;
}

export interface Schema {
  setting: SettingTable;
  organisation: OrganisationTable;
  programme: ProgrammeTable;
  partnership: PartnershipTable;
  partnership_org: PartnershipOrgTable;
  user: UserTable;
  membership: MembershipTable;
  session: SessionTable;
  invitation: InvitationTable;
  password_reset: PasswordResetTable;
  rate_limit: RateLimitTable;
  audit_event: AuditEventTable;
  meeting: MeetingTable;
  document: DocumentTable;
  log_source: LogSourceTable;
  log: LogTable;
  log_key: LogKeyTable;
  segment: SegmentTable;
  checkpoint: CheckpointTable;
  archive: ArchiveTable;
  client_lease: ClientLeaseTable;
  follower: FollowerTable;
  set_aside: SetAsideTable;
  attr_delete: AttrDeleteTable;
  attr_carry: AttrCarryTable;
  activity_day: ActivityDayTable;
  version: VersionTable;
  document_text: DocumentTextTable;
  image: ImageTable;
  visit: VisitTable;
}
