/**
 * Reading partnerships: profile, organisations by side, counts for the navigation and
 * the partnerships of one person. Membership is part of each query that takes a slug,
 * so that another partnership is simply not found (promise S1).
 */
import type { Kysely } from "kysely";
import type { Role } from "../../app/domain/access.ts";
import type { PartnershipId, UserId } from "../../app/domain/ids.ts";
import type { PartnershipState } from "../../app/domain/partnership.ts";
import type { Side } from "../../app/domain/sides.ts";
import type { Schema } from "../schema.ts";

export type PartnershipRecord = {
  readonly id: PartnershipId;
  readonly slug: string;
  readonly title: string;
  readonly sector: string | null;
  readonly region: string | null;
  readonly aim: string | null;
  readonly background: string | null;
  readonly intendedImpact: string | null;
  readonly sustainability: string | null;
  readonly contactLabel: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly sourceText: string | null;
  readonly state: PartnershipState;
  readonly isIllustrative: boolean;
  readonly programme: {
    readonly slug: string;
    readonly title: string;
    readonly funder: string | null;
    readonly convenor: string | null;
    readonly startsOn: string | null;
    readonly endsOn: string | null;
  };
};

/** A partnership by its slug, or null when there is none for this person. */
export async function partnershipForUser(
  db: Kysely<Schema>,
  userId: UserId,
  slug: string,
): Promise<PartnershipRecord | null> {
  const row = await db
    .selectFrom("partnership")
    .innerJoin("programme", "programme.id", "partnership.programme_id")
    .innerJoin("user", (join) => join.on("user.id", "=", userId))
    .leftJoin("membership", (join) =>
      join
        .onRef("membership.partnership_id", "=", "partnership.id")
        .onRef("membership.user_id", "=", "user.id")
        .on("membership.status", "=", "active"),
    )
    .select([
      "partnership.id",
      "partnership.slug",
      "partnership.title",
      "partnership.sector",
      "partnership.region",
      "partnership.aim",
      "partnership.background",
      "partnership.intended_impact",
      "partnership.sustainability",
      "partnership.contact_label",
      "partnership.starts_on",
      "partnership.ends_on",
      "partnership.source_text",
      "partnership.state",
      "partnership.is_illustrative",
      "programme.slug as programme_slug",
      "programme.title as programme_title",
      "programme.funder",
      "programme.convenor",
      "programme.starts_on as programme_starts_on",
      "programme.ends_on as programme_ends_on",
    ])
    .where("partnership.slug", "=", slug)
    .where("user.status", "=", "active")
    .where((where) =>
      where.or([where("membership.id", "is not", null), where("user.is_programme_admin", "=", 1)]),
    )
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id as PartnershipId,
    slug: row.slug,
    title: row.title,
    sector: row.sector,
    region: row.region,
    aim: row.aim,
    background: row.background,
    intendedImpact: row.intended_impact,
    sustainability: row.sustainability,
    contactLabel: row.contact_label,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    sourceText: row.source_text,
    state: row.state as PartnershipState,
    isIllustrative: row.is_illustrative === 1,
    programme: {
      slug: row.programme_slug,
      title: row.programme_title,
      funder: row.funder,
      convenor: row.convenor,
      startsOn: row.programme_starts_on,
      endsOn: row.programme_ends_on,
    },
  };
}

export type OrganisationOnPage = {
  readonly name: string;
  readonly side: Side;
  readonly roleText: string | null;
  readonly onBehalfOf: string | null;
  readonly isPlaceholder: boolean;
};

/** Organisations of several partnerships: providers, employers, then conveners, in page order. */
export async function organisationsOf(
  db: Kysely<Schema>,
  partnershipIds: readonly PartnershipId[],
): Promise<ReadonlyMap<PartnershipId, readonly OrganisationOnPage[]>> {
  const found = new Map<PartnershipId, OrganisationOnPage[]>(partnershipIds.map((id) => [id, []]));
  if (partnershipIds.length === 0) return found;
  const rows = await db
    .selectFrom("partnership_org")
    .innerJoin("organisation", "organisation.id", "partnership_org.organisation_id")
    .select([
      "partnership_org.partnership_id",
      "partnership_org.side",
      "partnership_org.role_text",
      "partnership_org.on_behalf_of",
      "organisation.name",
      "organisation.is_placeholder",
    ])
    .where("partnership_org.partnership_id", "in", [...partnershipIds])
    .orderBy("partnership_org.position")
    .execute();
  const order: readonly string[] = ["provider", "employer", "intermediary", "funder"];
  for (const row of rows.toSorted((one, other) => order.indexOf(one.side) - order.indexOf(other.side))) {
    found.get(row.partnership_id as PartnershipId)?.push({
      name: row.name,
      side: row.side as Side,
      roleText: row.role_text,
      onBehalfOf: row.on_behalf_of,
      isPlaceholder: row.is_placeholder === 1,
    });
  }
  return found;
}

export type PartnershipCounts = {
  readonly plans: number;
  readonly exchanges: number;
  readonly caseStudies: number;
  readonly pages: number;
  readonly archived: number;
  readonly people: number;
};

/** What the side navigation counts. Exchanges are meetings; the others are documents and members. */
export async function countsOf(db: Kysely<Schema>, partnershipId: PartnershipId): Promise<PartnershipCounts> {
  const kinds = await db
    .selectFrom("document")
    .select((column) => [
      "kind",
      column.fn.countAll<number>().as("count"),
      column.fn.count<number>("archived_at").as("archived"),
    ])
    .where("partnership_id", "=", partnershipId)
    .groupBy("kind")
    .execute();
  const meetings = await db
    .selectFrom("meeting")
    .select((column) => column.fn.countAll<number>().as("count"))
    .where("partnership_id", "=", partnershipId)
    .executeTakeFirstOrThrow();
  const people = await db
    .selectFrom("membership")
    .select((column) => column.fn.countAll<number>().as("count"))
    .where("partnership_id", "=", partnershipId)
    .where("status", "=", "active")
    .executeTakeFirstOrThrow();
  const present = (kind: string) => {
    const row = kinds.find((candidate) => candidate.kind === kind);
    return row ? row.count - row.archived : 0;
  };
  return {
    plans: present("curriculum_plan"),
    exchanges: meetings.count,
    caseStudies: present("case_study"),
    pages: present("page"),
    archived: kinds.reduce((sum, row) => sum + row.archived, 0),
    people: people.count,
  };
}

export type PartnershipOfUser = {
  readonly id: PartnershipId;
  readonly slug: string;
  readonly title: string;
  readonly sector: string | null;
  readonly isIllustrative: boolean;
  readonly role: Role;
  readonly side: Side;
  readonly organisation: string;
};

/** Partnerships this person is an active member of, by title. */
export async function partnershipsOfUser(
  db: Kysely<Schema>,
  userId: UserId,
): Promise<readonly PartnershipOfUser[]> {
  const rows = await db
    .selectFrom("membership")
    .innerJoin("partnership", "partnership.id", "membership.partnership_id")
    .innerJoin("organisation", "organisation.id", "membership.organisation_id")
    .innerJoin("user", "user.id", "membership.user_id")
    .select([
      "partnership.id",
      "partnership.slug",
      "partnership.title",
      "partnership.sector",
      "partnership.is_illustrative",
      "membership.role",
      "membership.side",
      "organisation.name as organisation",
    ])
    .where("membership.user_id", "=", userId)
    .where("membership.status", "=", "active")
    .where("user.status", "=", "active")
    .orderBy("partnership.title")
    .execute();
  return rows.map((row) => ({
    id: row.id as PartnershipId,
    slug: row.slug,
    title: row.title,
    sector: row.sector,
    isIllustrative: row.is_illustrative === 1,
    role: row.role as Role,
    side: row.side as Side,
    organisation: row.organisation,
  }));
}

export type PartnershipOfDocument = {
  readonly slug: string;
  readonly title: string;
  readonly isIllustrative: boolean;
};

/** What stands around a document: its partnership. The caller has asked for the document already. */
export async function partnershipOfDocument(
  db: Kysely<Schema>,
  partnershipId: PartnershipId,
): Promise<PartnershipOfDocument> {
  const row = await db
    .selectFrom("partnership")
    .select(["slug", "title", "is_illustrative"])
    .where("id", "=", partnershipId)
    .executeTakeFirstOrThrow();
  return { slug: row.slug, title: row.title, isIllustrative: row.is_illustrative === 1 };
}
