/**
 * Home: my partnerships with their exchanges and a small picture of who wrote when,
 * what the others did since I was last here, and the documents I had open.
 */
import { daysOfSides, partnershipVisits } from "../../db/queries/activity.ts";
import type { RecentDocument } from "../../db/queries/documents.ts";
import { type MeetingRow, meetingsOf } from "../../db/queries/meetings.ts";
import {
  type OrganisationOnPage,
  organisationsOf,
  type PartnershipOfUser,
  partnershipsOfUser,
} from "../../db/queries/partnerships.ts";
import { type ProgrammeRow, programmesForUser } from "../../db/queries/programmes.ts";
import { ok, type Result } from "../domain/result.ts";
import { layStreet, type Street } from "../domain/street.ts";
import { type Deed, deedsOf } from "./read-partnership-overview.ts";
import { exchangesAround } from "./read-programme.ts";
import { recentDocuments } from "./recent-documents.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type HomePartnership = PartnershipOfUser & {
  readonly organisations: readonly OrganisationOnPage[];
  readonly lastExchange: MeetingRow | null;
  readonly nextExchange: MeetingRow | null;
  readonly street: Street | null;
};

export type HomeView = {
  readonly partnerships: readonly HomePartnership[];
  readonly recent: readonly RecentDocument[];
  readonly since: readonly (Deed & { readonly partnershipTitle: string })[];
  readonly programmes: readonly ProgrammeRow[];
  readonly now: number;
};

/** Deeds of others shown under "since you were here". */
const deedsShown = 6;

/** Refuses nothing: a person without a partnership gets empty lists. */
export async function readHome(
  services: Pick<Services, "db" | "now">,
  asker: Asker,
): Promise<Result<HomeView>> {
  const { db } = services;
  const now = services.now();
  const mine = await partnershipsOfUser(db, asker.userId);
  const ids = mine.map(({ id }) => id);
  const organisations = await organisationsOf(db, ids);
  const meetings = await meetingsOf(db, ids);
  const days = await daysOfSides(db, ids);
  const recent = await recentDocuments(services, asker, { limit: 6 });

  // Observers are not told what is in texts they do not read yet (rulings 21).
  const readable = mine.filter(({ role }) => role !== "observer");
  const visits = await partnershipVisits(db, asker.userId, now);
  const deeds = await deedsOf(
    services,
    readable.map(({ id }) => id),
    Math.min(...readable.map(({ id }) => visits.get(id) ?? 0), now),
  );
  const titles = new Map<string, string>(mine.map(({ id, title }) => [id, title]));
  return ok({
    partnerships: mine.map((partnership) => ({
      ...partnership,
      organisations: organisations.get(partnership.id) ?? [],
      ...exchangesAround(meetings, partnership.id, now),
      street: layStreet({
        days: days.filter((day) => day.partnershipId === partnership.id),
        exchanges: meetings
          .filter((meeting) => meeting.partnershipId === partnership.id && meeting.state !== "cancelled")
          .map((meeting) => ({ ...meeting, isPlanned: meeting.state === "planned" })),
        versions: [],
        now,
      }),
    })),
    recent: recent.ok ? recent.value : [],
    since: deeds
      .filter((deed) => deed.at > (visitOf(visits, deed.partnershipId) ?? 0))
      .filter((deed) => deed.byUserId !== asker.userId)
      .slice(0, deedsShown)
      .map((deed) => ({ ...deed, partnershipTitle: titles.get(deed.partnershipId) ?? "" })),
    programmes: await programmesForUser(db, asker.userId),
    now,
  });
}

function visitOf(visits: ReadonlyMap<string, number>, partnershipId: string): number | undefined {
  return visits.get(partnershipId);
}
