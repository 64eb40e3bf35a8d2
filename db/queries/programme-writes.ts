/** Writing programmes, partnerships and their organisations. Reading is in `programmes.ts`. */
import type { Kysely, Transaction } from "kysely";
import type { PartnershipTable, ProgrammeTable, Schema } from "../schema.ts";

/** Slugs in use, of programmes or of partnerships. */
export async function takenSlugs(
  db: Kysely<Schema>,
  table: "programme" | "partnership",
): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom(table).select("slug").execute();
  return new Set(rows.map((row) => row.slug));
}

/** What decides whether somebody may run programmes; null when there is no such person. */
export async function administratorFacts(
  db: Kysely<Schema>,
  userId: string,
): Promise<{ status: string; isProgrammeAdmin: boolean } | null> {
  const row = await db
    .selectFrom("user")
    .select(["status", "is_programme_admin"])
    .where("id", "=", userId)
    .executeTakeFirst();
  return row ? { status: row.status, isProgrammeAdmin: row.is_programme_admin === 1 } : null;
}

export async function insertProgramme(trx: Transaction<Schema>, row: ProgrammeTable): Promise<void> {
  await trx.insertInto("programme").values(row).execute();
}

export async function insertPartnership(trx: Transaction<Schema>, row: PartnershipTable): Promise<void> {
  await trx.insertInto("partnership").values(row).execute();
}

/**
 * The organisation of that exact name, made when there is none yet. An invented
 * organisation is never mistaken for a real one of the same name, nor the reverse.
 */
export async function organisationNamed(
  trx: Transaction<Schema>,
  wanted: { name: string; kind: string; isIllustrative: boolean; newId: string; at: number },
): Promise<string> {
  const found = await trx
    .selectFrom("organisation")
    .select("id")
    .where("name", "=", wanted.name)
    .where("is_illustrative", "=", wanted.isIllustrative ? 1 : 0)
    .executeTakeFirst();
  if (found) return found.id;
  await trx
    .insertInto("organisation")
    .values({
      id: wanted.newId,
      name: wanted.name,
      kind: wanted.kind,
      sector: null,
      is_placeholder: 0,
      is_illustrative: wanted.isIllustrative ? 1 : 0,
      created_at: wanted.at,
    })
    .execute();
  return wanted.newId;
}

export async function addOrganisation(
  trx: Transaction<Schema>,
  row: { partnershipId: string; organisationId: string; side: string; position: number },
): Promise<void> {
  await trx
    .insertInto("partnership_org")
    .values({
      partnership_id: row.partnershipId,
      organisation_id: row.organisationId,
      side: row.side,
      role_text: null,
      on_behalf_of: null,
      position: row.position,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export type ProfileFields = Pick<
  PartnershipTable,
  | "title"
  | "sector"
  | "region"
  | "aim"
  | "background"
  | "intended_impact"
  | "sustainability"
  | "contact_label"
  | "starts_on"
  | "ends_on"
  | "state"
>;

/** The profile of a partnership by its slug; null when there is none. */
export async function profileBySlug(
  db: Kysely<Schema>,
  slug: string,
): Promise<(ProfileFields & { id: string; slug: string; is_illustrative: number }) | null> {
  const row = await db
    .selectFrom("partnership")
    .select([
      "id",
      "slug",
      "is_illustrative",
      "title",
      "sector",
      "region",
      "aim",
      "background",
      "intended_impact",
      "sustainability",
      "contact_label",
      "starts_on",
      "ends_on",
      "state",
    ])
    .where("slug", "=", slug)
    .executeTakeFirst();
  return row ?? null;
}

export async function updateProfile(
  trx: Transaction<Schema>,
  partnershipId: string,
  fields: ProfileFields,
): Promise<void> {
  await trx.updateTable("partnership").set(fields).where("id", "=", partnershipId).execute();
}

/** A programme by slug, for putting a partnership into it. */
export async function programmeBySlug(
  db: Kysely<Schema>,
  slug: string,
): Promise<{ id: string; slug: string; title: string; is_illustrative: number } | null> {
  const row = await db
    .selectFrom("programme")
    .select(["id", "slug", "title", "is_illustrative"])
    .where("slug", "=", slug)
    .executeTakeFirst();
  return row ?? null;
}

/** What a form that was sent before has made under its own id; null when nothing. */
export async function madeUnder(
  db: Kysely<Schema>,
  kind: "programme" | "partnership",
  id: string,
): Promise<{ slug: string; title: string } | null> {
  const row = await db.selectFrom(kind).select(["slug", "title"]).where("id", "=", id).executeTakeFirst();
  return row ?? null;
}
