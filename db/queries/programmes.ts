/**
 * Reading programmes: who may see one is part of each query. A member of any of its
 * partnerships sees the programme and which partnerships belong to it; dates and plans
 * of a partnership are its members' and the programme's administrators' (S1).
 */
import type { Kysely } from "kysely";
import type { PartnershipId, ProgrammeId, UserId } from "../../app/domain/ids.ts";
import type { Schema } from "../schema.ts";

export type ProgrammeRow = {
  readonly id: ProgrammeId;
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly funder: string | null;
  readonly convenor: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly isIllustrative: boolean;
  readonly partnerships: number;
};

/** Programmes this person may see, real ones first, by title. */
export async function programmesForUser(
  db: Kysely<Schema>,
  userId: UserId,
): Promise<readonly ProgrammeRow[]> {
  const rows = await db
    .selectFrom("programme")
    .innerJoin("user", (join) => join.on("user.id", "=", userId))
    .select((column) => [
      "programme.id",
      "programme.slug",
      "programme.title",
      "programme.summary",
      "programme.funder",
      "programme.convenor",
      "programme.starts_on",
      "programme.ends_on",
      "programme.is_illustrative",
      column
        .selectFrom("partnership")
        .select((counted) => counted.fn.countAll<number>().as("partnerships"))
        .whereRef("partnership.programme_id", "=", "programme.id")
        .as("partnerships"),
    ])
    .where("user.status", "=", "active")
    .where((where) =>
      where.or([
        where("user.is_programme_admin", "=", 1),
        where.exists(
          where
            .selectFrom("partnership")
            .innerJoin("membership", "membership.partnership_id", "partnership.id")
            .select("membership.id")
            .whereRef("partnership.programme_id", "=", "programme.id")
            .whereRef("membership.user_id", "=", "user.id")
            .where("membership.status", "=", "active"),
        ),
      ]),
    )
    .orderBy("programme.is_illustrative")
    .orderBy("programme.title")
    .execute();
  return rows.map((row) => ({
    id: row.id as ProgrammeId,
    slug: row.slug,
    title: row.title,
    summary: row.summary,
    funder: row.funder,
    convenor: row.convenor,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    isIllustrative: row.is_illustrative === 1,
    partnerships: row.partnerships ?? 0,
  }));
}

export type PartnershipOfProgramme = {
  readonly id: PartnershipId;
  readonly slug: string;
  readonly title: string;
  readonly sector: string | null;
  /** Whether the asker may open it and see its dates. */
  readonly isOpen: boolean;
};

/** Partnerships of a programme by sector, then title: an order that ranks nobody. */
export async function partnershipsOfProgramme(
  db: Kysely<Schema>,
  userId: UserId,
  programmeId: ProgrammeId,
): Promise<readonly PartnershipOfProgramme[]> {
  const rows = await db
    .selectFrom("partnership")
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
      "user.is_programme_admin",
      "membership.id as membership_id",
    ])
    .where("partnership.programme_id", "=", programmeId)
    .orderBy("partnership.sector")
    .orderBy("partnership.title")
    .execute();
  return rows.map((row) => ({
    id: row.id as PartnershipId,
    slug: row.slug,
    title: row.title,
    sector: row.sector,
    isOpen: row.membership_id !== null || row.is_programme_admin === 1,
  }));
}
