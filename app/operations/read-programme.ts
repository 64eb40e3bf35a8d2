/**
 * A programme as a table of its partnerships. Every member sees which partnerships
 * there are; dates and plans are shown where the asker may open the partnership.
 * Ordered by sector: nobody is ranked.
 */
import { type PlanState, planStates } from "../../db/queries/activity.ts";
import { type MeetingRow, meetingsOf } from "../../db/queries/meetings.ts";
import { type OrganisationOnPage, organisationsOf } from "../../db/queries/partnerships.ts";
import {
  type PartnershipOfProgramme,
  type ProgrammeRow,
  partnershipsOfProgramme,
  programmesForUser,
} from "../../db/queries/programmes.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type ProgrammeLine = PartnershipOfProgramme & {
  readonly organisations: readonly OrganisationOnPage[];
  readonly lastExchange: MeetingRow | null;
  readonly nextExchange: MeetingRow | null;
  readonly plan: PlanState | null;
};

export type ProgrammeView = {
  readonly programme: ProgrammeRow;
  readonly lines: readonly ProgrammeLine[];
  readonly sectors: readonly string[];
  /** How many there are before the filter. */
  readonly total: number;
  readonly canManage: boolean;
};

/**
 * Last and next exchange of one partnership at a moment. One that is under way is still
 * the next; what was cancelled is neither.
 */
export function exchangesAround(
  meetings: readonly MeetingRow[],
  partnershipId: string,
  now: number,
): { lastExchange: MeetingRow | null; nextExchange: MeetingRow | null } {
  const own = meetings.filter(
    (meeting) => meeting.partnershipId === partnershipId && meeting.state !== "cancelled",
  );
  return {
    lastExchange: own.findLast((meeting) => (meeting.endsAt ?? meeting.startsAt) < now) ?? null,
    nextExchange: own.find((meeting) => (meeting.endsAt ?? meeting.startsAt) >= now) ?? null,
  };
}

/** `sector` narrows the table; an unknown one shows nothing. Refuses `not-found`. */
export async function readProgramme(
  services: Pick<Services, "db" | "now">,
  asker: Asker & { readonly user?: { readonly isProgrammeAdmin: boolean } },
  input: { readonly slug: string; readonly sector: string | null },
): Promise<Result<ProgrammeView>> {
  const { db } = services;
  const programme = (await programmesForUser(db, asker.userId)).find(({ slug }) => slug === input.slug);
  if (!programme) return refuse("not-found");
  const all = await partnershipsOfProgramme(db, asker.userId, programme.id);
  const shown = input.sector === null ? all : all.filter(({ sector }) => sector === input.sector);
  const organisations = await organisationsOf(
    db,
    shown.map(({ id }) => id),
  );
  const open = shown.filter(({ isOpen }) => isOpen).map(({ id }) => id);
  const meetings = await meetingsOf(db, open);
  const plans = await planStates(db, open);
  const now = services.now();
  return ok({
    programme,
    lines: shown.map((line) => ({
      ...line,
      organisations: organisations.get(line.id) ?? [],
      ...exchangesAround(meetings, line.id, now),
      plan: plans.get(line.id) ?? null,
    })),
    sectors: [...new Set(all.map(({ sector }) => sector).filter((sector) => sector !== null))],
    total: all.length,
    canManage: asker.user?.isProgrammeAdmin === true,
  });
}
