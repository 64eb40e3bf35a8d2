/**
 * What the collaboration server has to know of a person in a document: the facts for
 * `may`, and what others are shown of them. One query, with the asker in it. The same
 * query judges open sockets again, with their session (promise W3).
 */
import { type Kysely, sql } from "kysely";
import type { Actor } from "../../app/domain/access.ts";
import type { DocumentId, PartnershipId, UserId } from "../../app/domain/ids.ts";
import type { Schema } from "../schema.ts";
import { actorFrom } from "./access.ts";

export interface LiveRights {
  readonly actor: Actor;
  readonly name: string;
  readonly organisation: string | null;
  /** Null when no such session of this person exists. Times in ms. */
  readonly session: {
    readonly expiresAt: number;
    readonly lastSeenAt: number;
    readonly isSharedComputer: boolean;
  } | null;
  readonly document: {
    readonly id: DocumentId;
    readonly number: number;
    readonly partnershipId: PartnershipId;
    readonly lineageId: string;
    readonly epoch: string;
    readonly schemaNumber: number;
    readonly isArchived: boolean;
    /** A backup was restored: until then, ms, other people's ranges are taken, "author not verified". */
    readonly recoveringUntil: number;
    readonly hasAgreedVersion: boolean;
  };
}

/** Who asks, in which session, about which document. */
export interface LiveAsk {
  readonly userId: string;
  readonly sessionId: string;
  readonly documentId: string;
}

/**
 * The rights of many askers in one query, in the order of `asks`; null where document or
 * person does not exist. Five hundred people who come back at once ask together.
 */
export async function liveRightsOf(
  db: Kysely<Schema>,
  asks: readonly LiveAsk[],
): Promise<readonly (LiveRights | null)[]> {
  const answers: (LiveRights | null)[] = asks.map(() => null);
  for (const row of await rightsRows(db, asks)) answers[row.key] = rightsIn(row);
  return answers;
}

type RightsRow = Awaited<ReturnType<typeof rightsRows>>[number];

function rightsRows(db: Kysely<Schema>, asks: readonly LiveAsk[]) {
  const list = JSON.stringify(
    asks.map(({ userId, sessionId, documentId }) => [userId, sessionId, documentId]),
  );
  return db
    .selectFrom(sql<{ key: number; value: string }>`json_each(${list})`.as("ask"))
    .innerJoin("document", (join) => join.on("document.id", "=", sql<string>`ask.value ->> 2`))
    .innerJoin("user", (join) => join.on("user.id", "=", sql<string>`ask.value ->> 0`))
    .leftJoin("session", (join) =>
      join.on("session.id", "=", sql<string>`ask.value ->> 1`).onRef("session.user_id", "=", "user.id"),
    )
    .leftJoin("membership", (join) =>
      join
        .onRef("membership.partnership_id", "=", "document.partnership_id")
        .onRef("membership.user_id", "=", "user.id"),
    )
    .leftJoin("organisation", "organisation.id", "membership.organisation_id")
    .select([
      "ask.key",
      "user.id as user_id",
      "document.id",
      "document.number",
      "document.partnership_id",
      "document.lineage_id",
      "document.epoch",
      "document.schema_number",
      "document.archived_at",
      "document.recovering_until",
      "user.name",
      "user.status as user_status",
      "user.is_programme_admin",
      "session.expires_at",
      "session.last_seen_at",
      "session.is_shared_computer",
      "membership.role",
      "membership.side",
      "membership.status as membership_status",
      "organisation.name as organisation",
    ])
    .execute();
}

function rightsIn(row: RightsRow): LiveRights {
  const partnershipId = row.partnership_id as PartnershipId;
  return {
    actor: actorFrom(row.user_id as UserId, partnershipId, row),
    name: row.name,
    organisation: row.membership_status === "active" ? row.organisation : null,
    session:
      row.expires_at === null || row.last_seen_at === null
        ? null
        : {
            expiresAt: row.expires_at,
            lastSeenAt: row.last_seen_at,
            isSharedComputer: row.is_shared_computer === 1,
          },
    document: {
      id: row.id as DocumentId,
      number: row.number,
      partnershipId,
      lineageId: row.lineage_id,
      epoch: row.epoch,
      schemaNumber: row.schema_number,
      isArchived: row.archived_at !== null,
      recoveringUntil: row.recovering_until,
      // Agreement by both sides does not exist yet; observers wait (domain/access).
      hasAgreedVersion: false,
    },
  };
}

/** Client ids of `clientIds` that belong to somebody else in this lineage (rulings 8). */
export async function clientIdsOfOthers(
  db: Kysely<Schema>,
  lineage: string,
  userId: string,
  clientIds: readonly number[],
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("client_lease")
    .select("client_id")
    .where("lineage", "=", lineage)
    .where("client_id", "in", clientIds)
    .where("user_id", "<>", userId)
    .execute();
  return rows.map((row) => row.client_id);
}
