/**
 * Who asks, as facts for `may`. Each id that a request brings is looked up together
 * with the asker's membership in one query, so that an object of another partnership
 * is simply not found (promise S1).
 */
import type { Kysely } from "kysely";
import type { Actor, Role } from "../../app/domain/access.ts";
import type { DocumentKind } from "../../app/domain/documents.ts";
import type { DocumentId, LineageId, PartnershipId, UserId } from "../../app/domain/ids.ts";
import type { Side } from "../../app/domain/sides.ts";
import type { Schema } from "../schema.ts";

export type ActorColumns = {
  user_status: string;
  is_programme_admin: number;
  role: string | null;
  side: string | null;
  membership_status: string | null;
};

/** The asker as `may` wants them, from columns of "user" and of their membership, if any. */
export function actorFrom(userId: UserId, partnershipId: PartnershipId, row: ActorColumns): Actor {
  return {
    kind: "user",
    userId,
    status: row.user_status === "active" ? "active" : "suspended",
    isProgrammeAdmin: row.is_programme_admin === 1,
    membership:
      row.role === null || row.side === null
        ? null
        : {
            partnershipId,
            role: row.role as Role,
            side: row.side as Side,
            status: row.membership_status as "active" | "left" | "suspended",
          },
  };
}

/** The asker in one partnership, or null when the partnership or the user does not exist. */
export async function actorInPartnership(
  db: Kysely<Schema>,
  userId: UserId,
  partnershipId: string,
): Promise<Actor | null> {
  const row = await db
    .selectFrom("partnership")
    .innerJoin("user", (join) => join.on("user.id", "=", userId))
    .leftJoin("membership", (join) =>
      join.onRef("membership.partnership_id", "=", "partnership.id").on("membership.user_id", "=", userId),
    )
    .select([
      "user.status as user_status",
      "user.is_programme_admin",
      "membership.role",
      "membership.side",
      "membership.status as membership_status",
    ])
    .where("partnership.id", "=", partnershipId)
    .executeTakeFirst();
  return row ? actorFrom(userId, partnershipId as PartnershipId, row) : null;
}

export type DocumentSubject = {
  readonly actor: Actor;
  readonly document: {
    readonly id: DocumentId;
    readonly number: number;
    readonly partnershipId: PartnershipId;
    readonly parentId: DocumentId | null;
    readonly kind: DocumentKind;
    readonly title: string;
    readonly lineageId: LineageId;
    readonly epoch: string;
    /** As `recovering_until` of the document. */
    readonly recoveringUntil: number;
    readonly schemaNumber: number;
    readonly meetingId: string | null;
    readonly isArchived: boolean;
    readonly hasAgreedVersion: boolean;
  };
};

/** A document together with who asks for it, or null when there is no such document. */
export async function documentForUser(
  db: Kysely<Schema>,
  userId: UserId,
  documentId: string,
): Promise<DocumentSubject | null> {
  const row = await db
    .selectFrom("document")
    .innerJoin("user", (join) => join.on("user.id", "=", userId))
    .leftJoin("membership", (join) =>
      join
        .onRef("membership.partnership_id", "=", "document.partnership_id")
        .on("membership.user_id", "=", userId),
    )
    .select([
      "document.id",
      "document.number",
      "document.partnership_id",
      "document.parent_id",
      "document.kind",
      "document.title",
      "document.lineage_id",
      "document.epoch",
      "document.schema_number",
      "document.meeting_id",
      "document.archived_at",
      "document.recovering_until",
      "user.status as user_status",
      "user.is_programme_admin",
      "membership.role",
      "membership.side",
      "membership.status as membership_status",
    ])
    .where("document.id", "=", documentId)
    .executeTakeFirst();
  if (!row) return null;
  return {
    actor: actorFrom(userId, row.partnership_id as PartnershipId, row),
    document: {
      id: row.id as DocumentId,
      number: row.number,
      partnershipId: row.partnership_id as PartnershipId,
      parentId: row.parent_id as DocumentId | null,
      kind: row.kind as DocumentKind,
      title: row.title,
      lineageId: row.lineage_id as LineageId,
      epoch: row.epoch,
      recoveringUntil: row.recovering_until,
      schemaNumber: row.schema_number,
      meetingId: row.meeting_id,
      isArchived: row.archived_at !== null,
      // Agreement by both sides does not exist yet; observers wait (domain/access).
      hasAgreedVersion: false,
    },
  };
}
