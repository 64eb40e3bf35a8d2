/**
 * Everything one partnership's overview shows: profile, the street, exchanges, recent
 * work of each side, and what changed since the asker was last here. Observers see the
 * profile, the exchanges and the amounts, and the sentence why (rulings 21).
 */
import { actorInPartnership } from "../../db/queries/access.ts";
import {
  daysOfSides,
  lastChanges,
  partnershipVisits,
  recordPartnershipVisit,
  versionMoments,
  workSince,
} from "../../db/queries/activity.ts";
import { type MeetingRow, meetingsOf } from "../../db/queries/meetings.ts";
import {
  type OrganisationOnPage,
  organisationsOf,
  type PartnershipRecord,
  partnershipForUser,
} from "../../db/queries/partnerships.ts";
import { may } from "../domain/access.ts";
import { type Refusal, sentenceOf } from "../domain/refusals.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Side } from "../domain/sides.ts";
import { layStreet, type Street, wordsOf } from "../domain/street.ts";
import type { DocumentBranch } from "./list-documents.ts";
import { listDocuments } from "./list-documents.ts";
import { exchangesAround } from "./read-programme.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** One thing somebody did, in the lane of their side. */
export type Deed = {
  readonly key: string;
  readonly kind: "wrote" | "removed" | "named" | "restored";
  readonly documentId: string;
  readonly documentTitle: string;
  readonly words: number;
  readonly versionId: string | null;
  readonly versionNumber: number | null;
  readonly versionName: string | null;
  readonly by: string;
  readonly byName: string;
  readonly byUserId: string;
  readonly side: Side | null;
  readonly at: number;
};

export type LastChangeView = { readonly by: string; readonly side: Side | null; readonly at: number };

export type PartnershipOverview = {
  readonly partnership: PartnershipRecord;
  readonly organisations: readonly OrganisationOnPage[];
  readonly meetings: readonly MeetingRow[];
  readonly nextExchange: MeetingRow | null;
  readonly street: Street | null;
  readonly documents: readonly DocumentBranch[];
  readonly lastChangeOf: Readonly<Record<string, LastChangeView>>;
  readonly deeds: readonly Deed[];
  readonly since: { readonly at: number; readonly deeds: readonly Deed[] } | null;
  readonly canOrganise: boolean;
  readonly canEditProfile: boolean;
  /** Why no texts are shown; null when they are. */
  readonly whyNoTexts: string | null;
  readonly now: number;
};

/** Deeds shown per lane. */
const deedsPerLane = 5;

const nameOf = (person: { userName: string; jobTitle: string | null }) =>
  person.jobTitle ? `${person.userName}, ${person.jobTitle}` : person.userName;

/** Newest deeds of several partnerships, after `since`: work day by day, and versions. */
export async function deedsOf(
  services: Pick<Services, "db">,
  partnershipIds: Parameters<typeof workSince>[1],
  since: number,
): Promise<readonly (Deed & { readonly partnershipId: string })[]> {
  const work = await workSince(services.db, partnershipIds, since, 200);
  const versions = await versionMoments(services.db, partnershipIds);
  return [
    ...work.map((day) => ({
      key: `${day.documentId} ${day.userId} ${day.lastAt}`,
      kind: day.charactersAdded > 0 ? ("wrote" as const) : ("removed" as const),
      partnershipId: day.partnershipId,
      documentId: day.documentId,
      documentTitle: day.documentTitle,
      words: wordsOf(day.charactersAdded > 0 ? day.charactersAdded : day.charactersRemoved),
      versionId: null,
      versionNumber: null,
      versionName: null,
      by: nameOf(day),
      byName: day.userName,
      byUserId: day.userId,
      side: day.side,
      at: day.lastAt,
    })),
    ...versions
      .filter((version) => version.at > since)
      .map((version) => ({
        key: version.id,
        kind: version.kind,
        partnershipId: version.partnershipId,
        documentId: version.documentId,
        documentTitle: version.documentTitle,
        words: 0,
        versionId: version.id,
        versionNumber: version.number,
        versionName: version.name,
        by: nameOf(version),
        byName: version.userName,
        byUserId: version.userId,
        side: version.side,
        at: version.at,
      })),
  ].toSorted((one, other) => other.at - one.at);
}

/** Refuses `not-found`. Looking is remembered, for "since you were here". */
export async function readPartnershipOverview(
  services: Pick<Services, "db" | "now">,
  asker: Asker,
  input: { readonly slug: string },
): Promise<Result<PartnershipOverview>> {
  const { db } = services;
  const partnership = await partnershipForUser(db, asker.userId, input.slug);
  if (partnership === null) return refuse("not-found");
  const actor = await actorInPartnership(db, asker.userId, partnership.id);
  if (actor === null) return refuse("not-found");
  const subject = { partnershipId: partnership.id };
  const allowed = may(actor, "partnership.read", subject);
  if (!allowed.ok) return allowed;

  const now = services.now();
  const ids = [partnership.id];
  const reading = may(actor, "document.read", subject);
  const whyNot: Refusal | null = reading.ok ? null : reading.refusal;
  const organisations = (await organisationsOf(db, ids)).get(partnership.id) ?? [];
  const meetings = await meetingsOf(db, ids);
  const listed = await listDocuments(services, asker, subject);
  const versions = reading.ok ? await versionMoments(db, ids) : [];
  const deeds = reading.ok ? await deedsOf(services, ids, 0) : [];
  const changes = reading.ok ? await lastChanges(db, ids) : new Map();

  const visitedAt = (await partnershipVisits(db, asker.userId, now)).get(partnership.id) ?? null;
  await recordPartnershipVisit(db, asker.userId, partnership.id, now);
  const lanes = (["provider", "employer"] as const).map((side) =>
    deeds.filter((deed) => deed.side === side).slice(0, deedsPerLane),
  );
  const others = deeds.filter((deed) => deed.side !== "provider" && deed.side !== "employer").slice(0, 3);
  return ok({
    partnership,
    organisations,
    meetings,
    nextExchange: exchangesAround(meetings, partnership.id, now).nextExchange,
    street: layStreet({
      days: await daysOfSides(db, ids),
      exchanges: meetings
        .filter((meeting) => meeting.state !== "cancelled")
        .map((meeting) => ({ ...meeting, isPlanned: meeting.state === "planned" })),
      versions: versions
        .filter((version) => version.kind === "named" && version.documentKind === "curriculum_plan")
        .map((version) => ({
          ...version,
          label: version.name ?? `Version ${version.number}`,
          by: version.userName,
        })),
      now,
    }),
    documents: listed.ok ? listed.value.documents : [],
    lastChangeOf: Object.fromEntries(
      [...changes].map(([id, change]) => [id, { by: change.userName, side: change.side, at: change.at }]),
    ),
    deeds: [...lanes.flat(), ...others],
    since:
      visitedAt === null || !reading.ok
        ? null
        : {
            at: visitedAt,
            deeds: (await deedsOf(services, ids, visitedAt)).filter((deed) => deed.byUserId !== asker.userId),
          },
    canOrganise: listed.ok && listed.value.canOrganise,
    canEditProfile: may(actor, "partnership.edit-profile", subject).ok,
    whyNoTexts: whyNot === null ? null : sentenceOf(whyNot),
    now,
  });
}
