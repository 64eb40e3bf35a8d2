/**
 * The audit trail of people and rights (promise S18): rows 1, 2, 3 … without a gap,
 * each hash taking in the one before, so that an edited, removed or inserted row shows.
 * A cut-off tail shows by the anchors outside the database (`maintenance/anchors.ts`).
 * Rows are written inside the transaction of the change they tell of.
 */
import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface AuditEvent {
  /** Server time, ms. */
  readonly at: number;
  /** Who did it; null for the server itself and for commands at its console. */
  readonly actorUserId: string | null;
  readonly partnershipId: string | null;
  /** Subject and past participle: `membership.role-changed`. */
  readonly verb: string;
  readonly objectType: string;
  readonly objectId: string;
  /** What it was and became, as JSON values; never secrets, never anybody's text. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly requestId?: string | null;
}

/** Columns a hash covers, in this order. */
const hashed = [
  "id",
  "at",
  "actor_user_id",
  "partnership_id",
  "verb",
  "object_type",
  "object_id",
  "before",
  "after",
  "request_id",
] as const;

export interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly actor_user_id: string | null;
  readonly partnership_id: string | null;
  readonly verb: string;
  readonly object_type: string;
  readonly object_id: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly request_id: string | null;
}

const start = createHash("sha256").update("two-way audit v1").digest();

/** SHA-256(previous hash ‖ JSON list of the columns). */
export function auditHash(previous: Uint8Array, row: AuditRow): Buffer {
  const columns = JSON.stringify(hashed.map((name) => row[name]));
  return createHash("sha256").update(previous).update(columns).digest();
}

/**
 * Appends one event within the caller's transaction. The transaction must have begun
 * `immediate` (as `openDatabase` does): two of them at once would take the same number.
 */
export async function appendAudit(transaction: Kysely<Schema>, event: AuditEvent): Promise<void> {
  const last = await transaction
    .selectFrom("audit_event")
    .select(["id", "hash"])
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value));
  const row: AuditRow = {
    id: (last?.id ?? 0) + 1,
    at: event.at,
    actor_user_id: event.actorUserId,
    partnership_id: event.partnershipId,
    verb: event.verb,
    object_type: event.objectType,
    object_id: event.objectId,
    before: json(event.before),
    after: json(event.after),
    request_id: event.requestId ?? null,
  };
  await transaction
    .insertInto("audit_event")
    .values({ ...row, hash: auditHash(last?.hash ?? start, row) })
    .execute();
}

export type AuditVerdict =
  | { readonly kind: "intact"; readonly rows: number; readonly head: Uint8Array }
  /** The first row that does not follow from the one before. */
  | { readonly kind: "broken"; readonly atId: number };

/** Walks the whole trail. `visit` sees each row and its hash, for comparing with anchors. */
export async function verifyAudit(
  db: Kysely<Schema>,
  visit: (id: number, hash: Uint8Array) => void = () => {},
): Promise<AuditVerdict> {
  let previous: Uint8Array = start;
  let expected = 1;
  for (;;) {
    const rows = await db
      .selectFrom("audit_event")
      .select([...hashed, "hash"])
      .where("id", ">=", expected)
      .orderBy("id")
      .limit(1_000)
      .execute();
    for (const row of rows) {
      if (row.id !== expected || !auditHash(previous, row).equals(row.hash))
        return { kind: "broken", atId: expected };
      visit(row.id, row.hash);
      previous = row.hash;
      expected++;
    }
    if (rows.length === 0) return { kind: "intact", rows: expected - 1, head: previous };
  }
}
