/** Exchanges and other meetings of partnerships, by date. Access is the caller's: ids come from a query that asked. */
import type { Kysely } from "kysely";
import type { MeetingId, PartnershipId } from "../../app/domain/ids.ts";
import type { Schema } from "../schema.ts";

export type MeetingRow = {
  readonly id: MeetingId;
  readonly partnershipId: PartnershipId;
  readonly number: number;
  readonly kind: string;
  readonly title: string;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly timeZone: string;
  readonly venue: string | null;
  readonly summary: string | null;
  readonly state: string;
};

/** All meetings of these partnerships, oldest first. */
export async function meetingsOf(
  db: Kysely<Schema>,
  partnershipIds: readonly PartnershipId[],
): Promise<readonly MeetingRow[]> {
  if (partnershipIds.length === 0) return [];
  const rows = await db
    .selectFrom("meeting")
    .select([
      "id",
      "partnership_id",
      "number",
      "kind",
      "title",
      "starts_at",
      "ends_at",
      "time_zone",
      "venue",
      "summary",
      "state",
    ])
    .where("partnership_id", "in", [...partnershipIds])
    .orderBy("starts_at")
    .execute();
  return rows.map((row) => ({
    id: row.id as MeetingId,
    partnershipId: row.partnership_id as PartnershipId,
    number: row.number,
    kind: row.kind,
    title: row.title,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    timeZone: row.time_zone,
    venue: row.venue,
    summary: row.summary,
    state: row.state,
  }));
}
