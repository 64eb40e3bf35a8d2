/**
 * Documents of a partnership: the tree, the order among siblings, recent visits.
 * Whether the asker may see them is in each query (membership in the join); what an
 * active member may do with them is `may` in the operation.
 */
import { type Kysely, sql } from "kysely";
import type { DocumentKind } from "../../app/domain/documents.ts";
import type { DocumentId, PartnershipId, UserId } from "../../app/domain/ids.ts";
import type { Schema } from "../schema.ts";
import { noted, waitsBriefly } from "../storage-fault.ts";

export type DocumentRow = {
  readonly id: DocumentId;
  readonly parentId: DocumentId | null;
  readonly position: number;
  readonly kind: DocumentKind;
  readonly title: string;
  readonly meetingId: string | null;
  readonly createdAt: number;
  readonly archivedAt: number | null;
  readonly words: number;
  /** Time of the newest change that a follower has counted; the creation's before that. */
  readonly changedAt: number;
};

const documentColumns = (db: Kysely<Schema>) =>
  db
    .selectFrom("document")
    .leftJoin("document_text", "document_text.document_id", "document.id")
    .select((column) => [
      "document.id",
      "document.parent_id",
      "document.position",
      "document.kind",
      "document.title",
      "document.meeting_id",
      "document.created_at",
      "document.archived_at",
      "document_text.words",
      column
        .selectFrom("activity_day")
        .select((day) => day.fn.max("activity_day.last_at").as("at"))
        .whereRef("activity_day.document", "=", "document.number")
        .as("changed_at"),
    ]);

type Columns = Awaited<ReturnType<ReturnType<typeof documentColumns>["execute"]>>[number];

function documentRow(row: Columns): DocumentRow {
  return {
    id: row.id as DocumentId,
    parentId: row.parent_id as DocumentId | null,
    position: row.position,
    kind: row.kind as DocumentKind,
    title: row.title,
    meetingId: row.meeting_id,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
    words: row.words ?? 0,
    changedAt: Math.max(row.created_at, row.changed_at ?? 0),
  };
}

/** All documents of a partnership in reading order of siblings, archived ones included. */
export async function documentsOfPartnership(
  db: Kysely<Schema>,
  partnershipId: PartnershipId,
): Promise<readonly DocumentRow[]> {
  const rows = await documentColumns(db)
    .where("document.partnership_id", "=", partnershipId)
    .orderBy("document.position")
    .orderBy("document.number")
    .execute();
  return rows.map(documentRow);
}

/** The place after the last child of a parent. */
export async function lastPosition(
  db: Kysely<Schema>,
  partnershipId: PartnershipId,
  parentId: string | null,
): Promise<number> {
  const row = await db
    .selectFrom("document")
    .select((column) => column.fn.max("position").as("position"))
    .where("partnership_id", "=", partnershipId)
    .where("parent_id", parentId === null ? "is" : "=", parentId)
    .executeTakeFirst();
  return Number(row?.position ?? 0) + 1;
}

/** The documents below one, itself first, by walking down the tree. */
export async function withDescendants(
  db: Kysely<Schema>,
  documentId: DocumentId,
): Promise<
  readonly { readonly id: DocumentId; readonly number: number; readonly archivedAt: number | null }[]
> {
  const rows = await sql<{ id: string; number: number; archived_at: number | null }>`
    with recursive below(id) as (
      select id from document where id = ${documentId}
      union select document.id from document join below on document.parent_id = below.id
    )
    select document.id, document.number, document.archived_at
    from below join document on document.id = below.id order by document.number`.execute(db);
  return rows.rows.map((row) => ({
    id: row.id as DocumentId,
    number: row.number,
    archivedAt: row.archived_at,
  }));
}

/**
 * The level a document stands on, 1 at the top of the tree, and how many levels it and
 * what is below it fill. Counts no further than `most` either way.
 */
export async function levelsOf(
  db: Kysely<Schema>,
  documentId: string,
  most: number,
): Promise<{ readonly level: number; readonly height: number }> {
  const { rows } = await sql<{ level: number; height: number }>`
    with recursive above(id, level) as (
      select parent_id, 1 from document where id = ${documentId}
      union all select document.parent_id, above.level + 1
        from above join document on document.id = above.id where above.level < ${most}
    ), below(id, height) as (
      select id, 1 from document where id = ${documentId}
      union all select document.id, below.height + 1
        from below join document on document.parent_id = below.id where below.height < ${most}
    )
    select (select max(level) from above) as level, (select max(height) from below) as height`.execute(db);
  return { level: rows[0]?.level ?? 0, height: rows[0]?.height ?? 0 };
}

export type RecentDocument = {
  readonly id: DocumentId;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly partnershipId: PartnershipId;
  readonly partnershipTitle: string;
  readonly visitedAt: number;
};

/** Documents this person opened lately and may still read, newest first. */
export async function recentlyVisited(
  db: Kysely<Schema>,
  userId: UserId,
  limit: number,
): Promise<readonly RecentDocument[]> {
  const rows = await db
    .selectFrom("visit")
    .innerJoin("document", (join) =>
      join.onRef("document.id", "=", "visit.object_id").on("visit.object_type", "=", "document"),
    )
    .innerJoin("partnership", "partnership.id", "document.partnership_id")
    .innerJoin("user", "user.id", "visit.user_id")
    .leftJoin("membership", (join) =>
      join
        .onRef("membership.partnership_id", "=", "document.partnership_id")
        .onRef("membership.user_id", "=", "visit.user_id")
        .on("membership.status", "=", "active"),
    )
    .select([
      "document.id",
      "document.title",
      "document.kind",
      "document.partnership_id",
      "partnership.title as partnership_title",
      "visit.at",
    ])
    .where("visit.user_id", "=", userId)
    .where("user.status", "=", "active")
    .where("document.archived_at", "is", null)
    // Observers wait until something is agreed (rulings 21).
    .where((where) =>
      where.or([where("user.is_programme_admin", "=", 1), where("membership.role", "<>", "observer")]),
    )
    .orderBy("visit.at", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id as DocumentId,
    title: row.title,
    kind: row.kind as DocumentKind,
    partnershipId: row.partnership_id as PartnershipId,
    partnershipTitle: row.partnership_title,
    visitedAt: row.at,
  }));
}

/** Remembers that this person looked at this document now, unless the disk says no: one may read all the same. */
export async function recordVisit(
  db: Kysely<Schema>,
  userId: UserId,
  documentId: DocumentId,
  at: number,
): Promise<void> {
  await noted(
    db
      .insertInto("visit")
      .values({ user_id: userId, object_type: "document", object_id: documentId, at })
      .onConflict((conflict) => conflict.doUpdateSet({ at }))
      .modifyEnd(sql.raw(waitsBriefly))
      .execute(),
  );
}

export type MemberName = {
  readonly userId: UserId;
  readonly name: string;
  readonly jobTitle: string | null;
  readonly side: string;
  readonly organisation: string;
};

/** Active members of a partnership, for mentions. */
export async function peopleOfPartnership(
  db: Kysely<Schema>,
  partnershipId: PartnershipId,
): Promise<readonly MemberName[]> {
  const rows = await db
    .selectFrom("membership")
    .innerJoin("user", "user.id", "membership.user_id")
    .innerJoin("organisation", "organisation.id", "membership.organisation_id")
    .select([
      "user.id",
      "user.name",
      "user.job_title",
      "membership.side",
      "organisation.name as organisation",
    ])
    .where("membership.partnership_id", "=", partnershipId)
    .where("membership.status", "=", "active")
    .where("user.status", "=", "active")
    .orderBy("membership.side")
    .orderBy("user.name")
    .execute();
  return rows.map((row) => ({
    userId: row.id as UserId,
    name: row.name,
    jobTitle: row.job_title,
    side: row.side,
    organisation: row.organisation,
  }));
}
