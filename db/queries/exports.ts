/** What a file says about where it comes from, read in few queries. */
import type { Kysely } from "kysely";
import { isSide, type Side, sides } from "../../app/domain/sides.ts";
import type { Schema } from "../schema.ts";

export type ExportFacts = {
  readonly partnershipTitle: string;
  readonly programmeTitle: string;
  readonly isIllustrative: boolean;
  readonly sides: readonly { readonly side: Side; readonly organisations: readonly string[] }[];
  /** Null when none was asked for, or when it belongs to another document. */
  readonly version: {
    readonly id: string;
    readonly number: number;
    readonly name: string | null;
    readonly madeAt: number;
    readonly contentHash: string;
  } | null;
  /** Name and organisation of who takes the file. */
  readonly exportedBy: string;
};

/** The document and its partnership have been authorised by the caller; the version is looked up within them. */
export async function exportFacts(
  db: Kysely<Schema>,
  of: {
    readonly userId: string;
    readonly partnershipId: string;
    readonly documentId: string;
    readonly versionId: string | null;
  },
): Promise<ExportFacts> {
  const partnership = await db
    .selectFrom("partnership")
    .innerJoin("programme", "programme.id", "partnership.programme_id")
    .select(["partnership.title", "programme.title as programme_title", "partnership.is_illustrative"])
    .where("partnership.id", "=", of.partnershipId)
    .executeTakeFirstOrThrow();
  const organisations = await db
    .selectFrom("partnership_org")
    .innerJoin("organisation", "organisation.id", "partnership_org.organisation_id")
    .select(["partnership_org.side", "organisation.name"])
    .where("partnership_org.partnership_id", "=", of.partnershipId)
    .orderBy("partnership_org.position")
    .execute();
  const person = await db
    .selectFrom("user")
    .leftJoin("membership", (join) =>
      join
        .onRef("membership.user_id", "=", "user.id")
        .on("membership.partnership_id", "=", of.partnershipId)
        .on("membership.status", "=", "active"),
    )
    .leftJoin("organisation", "organisation.id", "membership.organisation_id")
    .select(["user.name", "organisation.name as organisation"])
    .where("user.id", "=", of.userId)
    .executeTakeFirstOrThrow();
  const version =
    of.versionId === null
      ? undefined
      : await db
          .selectFrom("version")
          .select(["id", "number", "name", "created_at", "content_hash"])
          .where("id", "=", of.versionId)
          .where("document_id", "=", of.documentId)
          .executeTakeFirst();
  return {
    partnershipTitle: partnership.title,
    programmeTitle: partnership.programme_title,
    isIllustrative: partnership.is_illustrative === 1,
    sides: sides
      .map((side) => ({
        side,
        organisations: organisations
          .filter((row) => isSide(row.side) && row.side === side)
          .map((row) => row.name),
      }))
      .filter((row) => row.organisations.length > 0),
    version: version
      ? {
          id: version.id,
          number: version.number,
          name: version.name,
          madeAt: version.created_at,
          contentHash: version.content_hash,
        }
      : null,
    exportedBy: person.organisation === null ? person.name : `${person.name}, ${person.organisation}`,
  };
}

/** Those of these pictures that belong to the partnership. */
export async function imagesOfPartnership(
  db: Kysely<Schema>,
  partnershipId: string,
  imageIds: readonly string[],
): Promise<readonly { readonly id: string; readonly mediaType: string }[]> {
  if (imageIds.length === 0) return [];
  const rows = await db
    .selectFrom("image")
    .select(["id", "media_type"])
    .where("partnership_id", "=", partnershipId)
    .where("id", "in", imageIds.slice(0, 500))
    .execute();
  return rows.map((row) => ({ id: row.id, mediaType: row.media_type }));
}
