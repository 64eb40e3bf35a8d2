/**
 * What each side did: characters written per day from the followers' table, named and
 * restored versions, and when somebody last looked. Derived; never a score.
 */
import { type Kysely, sql } from "kysely";
import type { DocumentKind } from "../../app/domain/documents.ts";
import type { DocumentId, PartnershipId, UserId, VersionId } from "../../app/domain/ids.ts";
import type { Side } from "../../app/domain/sides.ts";
import type { Schema } from "../schema.ts";
import { noted, waitsBriefly } from "../storage-fault.ts";

export type DayOfSide = {
  readonly partnershipId: PartnershipId;
  /** ISO date. */
  readonly dayOn: string;
  readonly side: Side;
  readonly charactersAdded: number;
};

/** Characters each side added per day, over all documents of these partnerships, by day. */
export async function daysOfSides(
  db: Kysely<Schema>,
  partnershipIds: readonly PartnershipId[],
): Promise<readonly DayOfSide[]> {
  if (partnershipIds.length === 0) return [];
  const rows = await db
    .selectFrom("activity_day")
    .innerJoin("document", "document.number", "activity_day.document")
    .select((column) => [
      "document.partnership_id",
      "activity_day.day_on",
      "activity_day.side",
      column.fn.sum<number>("activity_day.characters_added").as("characters_added"),
    ])
    .where("document.partnership_id", "in", [...partnershipIds])
    .where("activity_day.side", "is not", null)
    .groupBy(["document.partnership_id", "activity_day.day_on", "activity_day.side"])
    .orderBy("activity_day.day_on")
    .execute();
  return rows.map((row) => ({
    partnershipId: row.partnership_id as PartnershipId,
    dayOn: row.day_on,
    side: row.side as Side,
    charactersAdded: row.characters_added,
  }));
}

export type WorkOfDay = {
  readonly documentId: DocumentId;
  readonly documentTitle: string;
  readonly partnershipId: PartnershipId;
  readonly userId: UserId;
  readonly userName: string;
  readonly jobTitle: string | null;
  readonly side: Side | null;
  readonly charactersAdded: number;
  readonly charactersRemoved: number;
  readonly lastAt: number;
};

/** One person's work on one document on one day, newest first, since a moment. */
export async function workSince(
  db: Kysely<Schema>,
  partnershipIds: readonly PartnershipId[],
  since: number,
  limit: number,
): Promise<readonly WorkOfDay[]> {
  if (partnershipIds.length === 0) return [];
  const rows = await db
    .selectFrom("activity_day")
    .innerJoin("document", "document.number", "activity_day.document")
    .innerJoin("user", "user.id", "activity_day.user_id")
    .select([
      "document.id as document_id",
      "document.title",
      "document.partnership_id",
      "user.id as user_id",
      "user.name",
      "user.job_title",
      "activity_day.side",
      "activity_day.characters_added",
      "activity_day.characters_removed",
      "activity_day.last_at",
    ])
    .where("document.partnership_id", "in", [...partnershipIds])
    .where("document.archived_at", "is", null)
    .where("activity_day.last_at", ">", since)
    .orderBy("activity_day.last_at", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    documentId: row.document_id as DocumentId,
    documentTitle: row.title,
    partnershipId: row.partnership_id as PartnershipId,
    userId: row.user_id as UserId,
    userName: row.name,
    jobTitle: row.job_title,
    side: row.side as Side | null,
    charactersAdded: row.characters_added,
    charactersRemoved: row.characters_removed,
    lastAt: row.last_at,
  }));
}

export type VersionMoment = {
  readonly id: VersionId;
  readonly documentId: DocumentId;
  readonly documentTitle: string;
  readonly documentKind: DocumentKind;
  readonly partnershipId: PartnershipId;
  readonly number: number;
  readonly kind: "named" | "restored";
  readonly name: string | null;
  /** What those who named it said it is about. */
  readonly note: string | null;
  readonly side: Side | null;
  readonly userId: UserId;
  readonly userName: string;
  readonly jobTitle: string | null;
  readonly at: number;
};

/** Versions that people named or brought back, oldest first. */
export async function versionMoments(
  db: Kysely<Schema>,
  partnershipIds: readonly PartnershipId[],
): Promise<readonly VersionMoment[]> {
  if (partnershipIds.length === 0) return [];
  const rows = await db
    .selectFrom("version")
    .innerJoin("document", "document.id", "version.document_id")
    .innerJoin("user", "user.id", "version.created_by")
    .select([
      "version.id",
      "version.number",
      "version.kind",
      "version.name",
      "version.note",
      "version.created_side",
      "version.created_at",
      "document.id as document_id",
      "document.title",
      "document.kind as document_kind",
      "document.partnership_id",
      "user.id as user_id",
      "user.name as user_name",
      "user.job_title",
    ])
    .where("document.partnership_id", "in", [...partnershipIds])
    .where("document.archived_at", "is", null)
    .where("version.kind", "in", ["named", "restored"])
    .orderBy("version.created_at")
    .execute();
  return rows.map((row) => ({
    id: row.id as VersionId,
    documentId: row.document_id as DocumentId,
    documentTitle: row.title,
    documentKind: row.document_kind as DocumentKind,
    partnershipId: row.partnership_id as PartnershipId,
    number: row.number,
    kind: row.kind as "named" | "restored",
    name: row.name,
    note: row.note,
    side: row.created_side as Side | null,
    userId: row.user_id as UserId,
    userName: row.user_name,
    jobTitle: row.job_title,
    at: row.created_at,
  }));
}

export type LastChange = { readonly side: Side | null; readonly userName: string; readonly at: number };

/** Who changed each document last, as far as the followers have read. */
export async function lastChanges(
  db: Kysely<Schema>,
  partnershipIds: readonly PartnershipId[],
): Promise<ReadonlyMap<DocumentId, LastChange>> {
  const found = new Map<DocumentId, LastChange>();
  if (partnershipIds.length === 0) return found;
  const rows = await db
    .selectFrom("activity_day")
    .innerJoin("document", "document.number", "activity_day.document")
    .innerJoin("user", "user.id", "activity_day.user_id")
    .select(["document.id", "activity_day.side", "activity_day.last_at", "user.name"])
    .where("document.partnership_id", "in", [...partnershipIds])
    .orderBy("activity_day.last_at")
    .execute();
  for (const row of rows) {
    found.set(row.id as DocumentId, { side: row.side as Side | null, userName: row.name, at: row.last_at });
  }
  return found;
}

export type PlanState = { readonly versions: number; readonly changedAt: number };

/** For each partnership with a plan: how many versions its plans have, and the last change. */
export async function planStates(
  db: Kysely<Schema>,
  partnershipIds: readonly PartnershipId[],
): Promise<ReadonlyMap<PartnershipId, PlanState>> {
  if (partnershipIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("document")
    .select((column) => [
      "document.partnership_id",
      "document.created_at",
      column
        .selectFrom("version")
        .select((counted) => counted.fn.countAll<number>().as("versions"))
        .whereRef("version.document_id", "=", "document.id")
        .as("versions"),
      column
        .selectFrom("activity_day")
        .select((day) => day.fn.max("activity_day.last_at").as("at"))
        .whereRef("activity_day.document", "=", "document.number")
        .as("changed_at"),
    ])
    .where("document.partnership_id", "in", [...partnershipIds])
    .where("document.kind", "=", "curriculum_plan")
    .where("document.archived_at", "is", null)
    .execute();
  const states = new Map<PartnershipId, PlanState>();
  for (const row of rows) {
    const id = row.partnership_id as PartnershipId;
    const before = states.get(id);
    states.set(id, {
      versions: (before?.versions ?? 0) + (row.versions ?? 0),
      changedAt: Math.max(before?.changedAt ?? 0, row.created_at, row.changed_at ?? 0),
    });
  }
  return states;
}

/** A look within this time of the one before belongs to the same visit. */
const sameVisitMs = 30 * 60_000;

/**
 * Remembers that this person looked at this partnership now. The last look of the visit
 * before stays beside it while this one lasts, so that "since you were here" says the
 * same after a reload and on the way back from a document.
 */
export async function recordPartnershipVisit(
  db: Kysely<Schema>,
  userId: UserId,
  partnershipId: PartnershipId,
  now: number,
): Promise<void> {
  const remember = (objectType: string, at: number) =>
    noted(
      db
        .insertInto("visit")
        .values({ user_id: userId, object_type: objectType, object_id: partnershipId, at })
        .onConflict((conflict) => conflict.doUpdateSet({ at }))
        .modifyEnd(sql.raw(waitsBriefly))
        .execute(),
    );
  const last = await db
    .selectFrom("visit")
    .select("at")
    .where("user_id", "=", userId)
    .where("object_type", "=", "partnership")
    .where("object_id", "=", partnershipId)
    .executeTakeFirst();
  if (last && now - last.at > sameVisitMs) await remember("partnership_before", last.at);
  await remember("partnership", now);
}

/** When each partnership was last looked at in the visit before this one; absent on a first visit. */
export async function partnershipVisits(
  db: Kysely<Schema>,
  userId: UserId,
  now: number,
): Promise<ReadonlyMap<PartnershipId, number>> {
  const rows = await db
    .selectFrom("visit")
    .select(["object_type", "object_id", "at"])
    .where("user_id", "=", userId)
    .where("object_type", "in", ["partnership", "partnership_before"])
    .execute();
  const visits = new Map<PartnershipId, number>();
  for (const { object_type, object_id, at } of rows) {
    // A last look that is still fresh belongs to this visit.
    if (object_type === "partnership_before" || now - at > sameVisitMs) {
      visits.set(object_id as PartnershipId, Math.max(at, visits.get(object_id as PartnershipId) ?? 0));
    }
  }
  return visits;
}
