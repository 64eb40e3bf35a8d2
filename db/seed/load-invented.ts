/**
 * Loads an invented partnership: its people, exchanges and documents. Documents are
 * made by the product's own operation and written through the log; the clock is the
 * story's.
 */
import type { DocumentId, PartnershipId, UserId } from "../../app/domain/ids.ts";
import { sentenceOf } from "../../app/domain/refusals.ts";
import { createDocument } from "../../app/operations/create-document.ts";
import type { InventedDocument, InventedPartnership, InventedPerson } from "./illustrative/record.ts";
import { organisationIdOf, partnershipIdOf } from "./load-records.ts";
import { demoId, demoIds } from "./record.ts";
import { seatMember } from "./seat-member.ts";
import { type StoryServices, type Writer, writeHistory } from "./write-history.ts";

const minuteMs = 60_000;
const weekMs = 7 * 24 * 60 * minuteMs;

/** A moment of a story, `2026-02-13T09:30` in UTC, as ms. */
export const momentOf = (moment: string): number => Date.parse(`${moment}:00Z`);

/** One person may sit in several partnerships; the name says who it is. */
const inventedUserId = (person: InventedPerson): UserId => demoId(`user ${person.name}`) as UserId;

const inventedEmail = (person: InventedPerson): string =>
  `${person.name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll(" ", ".")}@demo.invalid`;

/** The first Thursday from the day two weeks ahead on, 13:00 UTC. */
export function thursdayAhead(now: number): number {
  const day = new Date(now + 2 * weekMs);
  day.setUTCHours(13, 0, 0, 0);
  day.setUTCDate(day.getUTCDate() + ((4 - day.getUTCDay() + 7) % 7));
  return day.getTime();
}

/**
 * How far a story is moved into the past so that none of it lies ahead of `now`: whole
 * weeks, so that a Thursday stays a Thursday.
 */
export function storyShift(partnerships: readonly InventedPartnership[], now: number): number {
  const newest = Math.max(
    ...partnerships.flatMap((one) => [
      ...one.exchanges.map((exchange) => momentOf(exchange.endsAt)),
      ...one.documents.flatMap((document) => document.story.map((sitting) => momentOf(sitting.at))),
    ]),
  );
  return Math.max(0, Math.ceil((newest + weekMs - now) / weekMs)) * weekMs;
}

/** Loads what is missing of one partnership whose record is there. */
export async function loadInvented(
  services: StoryServices,
  partnership: InventedPartnership,
  story: { readonly shiftMs: number; readonly now: number },
): Promise<void> {
  const { shiftMs, now } = story;
  const at = (moment: string) => momentOf(moment) - shiftMs;
  const { db } = services;
  const partnershipId = partnershipIdOf(partnership.record) as PartnershipId;
  const joinedAt = Math.min(...partnership.documents.map((document) => at(document.createdAt))) - 2 * weekMs;

  await db.transaction().execute(async (transaction) => {
    for (const [key, person] of Object.entries(partnership.people)) {
      const userId = inventedUserId(person);
      await transaction
        .insertInto("user")
        .values({
          id: userId,
          email: inventedEmail(person),
          name: person.name,
          job_title: person.jobTitle,
          password_hash: null,
          status: "active",
          is_programme_admin: 0,
          kind: "person",
          is_demo: person.isDemo ? 1 : 0,
          created_at: joinedAt,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await seatMember(transaction, {
        id: demoId(`membership ${partnership.record.slug} ${key}`),
        partnership_id: partnershipId,
        user_id: userId,
        organisation_id: organisationIdOf(person.organisation),
        side: person.side,
        role: person.role,
        joined_at: joinedAt,
      });
    }
    for (const [index, exchange] of partnership.exchanges.entries()) {
      await transaction
        .insertInto("meeting")
        .values({
          id: meetingIdOf(partnership, index + 1),
          partnership_id: partnershipId,
          number: index + 1,
          kind: "exchange",
          title: exchange.title,
          starts_at: at(exchange.startsAt),
          ends_at: at(exchange.endsAt),
          time_zone: "Europe/London",
          venue: exchange.venue,
          summary: exchange.summary,
          state: "held",
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    if (partnership.nextExchange) {
      const number = partnership.exchanges.length + 1;
      await transaction
        .insertInto("meeting")
        .values({
          id: meetingIdOf(partnership, number),
          partnership_id: partnershipId,
          number,
          kind: "exchange",
          title: partnership.nextExchange.title,
          starts_at: thursdayAhead(now),
          ends_at: thursdayAhead(now) + 120 * minuteMs,
          time_zone: "Europe/London",
          venue: partnership.nextExchange.venue,
          summary: null,
          state: "planned",
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  });

  const writers = Object.fromEntries(
    Object.entries(partnership.people).map(([key, person]): [string, Writer] => [
      key,
      { userId: inventedUserId(person), side: person.side },
    ]),
  );
  const visits: Visit[] = [];
  for (const document of partnership.documents) {
    const documentId = await documentOnce(services, partnership, document, writers, at);
    await writeHistory(services, documentId, document.story, { writers, at });
    for (const sitting of document.story) {
      const userId = writers[sitting.who]?.userId;
      if (userId) visits.push({ userId, objectType: "document", objectId: documentId, at: at(sitting.at) });
    }
  }
  const lastExchange = partnership.exchanges.at(-1);
  const seenAt = lastExchange === undefined ? joinedAt : at(lastExchange.endsAt);
  for (const { userId } of Object.values(writers)) {
    visits.push({ userId, objectType: "partnership", objectId: partnershipId, at: seenAt });
  }
  await rememberVisits(services, visits);
}

type Visit = {
  readonly userId: UserId;
  readonly objectType: "document" | "partnership";
  readonly objectId: string;
  readonly at: number;
};

/** Whoever wrote there was there: "recent" and "since you were here" have something to go by. */
async function rememberVisits(services: StoryServices, visits: readonly Visit[]): Promise<void> {
  await services.db.transaction().execute(async (transaction) => {
    for (const { userId, objectType, objectId, at } of visits) {
      await transaction
        .insertInto("visit")
        .values({ user_id: userId, object_type: objectType, object_id: objectId, at })
        // The newest visit counts: one that a person really made is never replaced by the story's.
        .onConflict((conflict) => conflict.doUpdateSet({ at }).where("visit.at", "<", at))
        .execute();
    }
  });
}

const meetingIdOf = (partnership: InventedPartnership, number: number) =>
  demoId(`meeting ${partnership.record.slug} ${number}`);

async function documentOnce(
  services: StoryServices,
  partnership: InventedPartnership,
  document: InventedDocument,
  writers: Readonly<Record<string, Writer>>,
  at: (moment: string) => number,
): Promise<DocumentId> {
  const key = `document ${partnership.record.slug} ${document.title}`;
  const known = await services.db
    .selectFrom("document")
    .select("id")
    .where("id", "=", demoId(`${key} 0`))
    .executeTakeFirst();
  if (known) return known.id as DocumentId;
  const creator = writers[document.createdBy]?.userId;
  if (creator === undefined) throw new Error(`Nobody is called ${document.createdBy}`);
  const made = await createDocument(
    {
      db: services.db,
      histories: services.histories,
      now: () => at(document.createdAt),
      newId: demoIds(key),
    },
    { userId: creator },
    {
      partnershipId: partnershipIdOf(partnership.record),
      kind: document.kind,
      title: document.title,
      meetingId: document.exchange === undefined ? null : meetingIdOf(partnership, document.exchange),
    },
    { actorKind: "demo" },
  );
  if (!made.ok) throw new Error(`A demonstration document was refused: ${sentenceOf(made.refusal)}`);
  return made.value.documentId;
}
