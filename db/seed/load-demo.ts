/**
 * Loads the demonstration data into a new database: the nine partnerships of the
 * public record and four more accounts, exactly as published; and invented
 * partnerships, labelled "Illustrative content", written through the real log by
 * their invented people. Loading again changes nothing, and a load that was
 * interrupted continues where it stopped.
 */
import { CompiledQuery } from "kysely";
import type { PartnershipId, UserId } from "../../app/domain/ids.ts";
import { ok } from "../../app/domain/result.ts";
import { insertDocument, newDocumentIds } from "../../app/operations/create-document.ts";
import type { Database, Histories } from "../../app/operations/services.ts";
import { insertServerUser, serverUserId } from "../server-user.ts";
import type { UpdateLog } from "../update-log/update-log.ts";
import { inventedPartnerships, sideBySide } from "./illustrative/side-by-side.ts";
import { loadInvented, storyShift } from "./load-invented.ts";
import { loadProgramme, partnershipIdOf } from "./load-records.ts";
import { otherSources } from "./other-sources.ts";
import { publicRecordPage, publicRecordTitle } from "./public-record-pages.ts";
import { demoId, demoIds, type ProgrammeRecord } from "./record.ts";
import { seatMember } from "./seat-member.ts";
import { twoWayStreet } from "./two-way-street.ts";

export type DemoServices = {
  readonly db: Database;
  readonly log: UpdateLog;
  readonly histories: Histories;
  now(): number;
};

const settingName = "demo-data";
/**
 * Reads the public records, and can write nothing beside a real organisation. A role and
 * no invented name, for the same reason.
 */
export const readerId = demoId("user reader of the public record") as UserId;

/** Loads what is missing. Answers false when everything was there already. */
export async function loadDemo(services: DemoServices): Promise<{ readonly isNew: boolean }> {
  const { db } = services;
  const done = await db
    .selectFrom("setting")
    .select("value")
    .where("name", "=", settingName)
    .executeTakeFirst();
  if (done) return { isNew: false };

  await db.executeQuery(CompiledQuery.raw(insertServerUser, [serverUserId, services.now()]));
  for (const programme of [twoWayStreet, otherSources]) {
    await loadProgramme(db, programme, services.now());
    await loadPublicRecordPages(services, programme);
    await seatReader(services, programme);
  }
  await loadProgramme(db, sideBySide, services.now());
  const now = services.now();
  const story = { now, shiftMs: storyShift(inventedPartnerships, now) };
  for (const partnership of inventedPartnerships) await loadInvented(services, partnership, story);
  await db.insertInto("setting").values({ name: settingName, value: "1" }).execute();
  return { isNew: true };
}

/** A seat from which the records can be read: commenters read everything and write no text. */
async function seatReader(services: DemoServices, programme: ProgrammeRecord): Promise<void> {
  const at = services.now();
  const organisationId = demoId("organisation of the demonstration");
  await services.db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto("user")
      .values({
        id: readerId,
        email: "reader@demo.invalid",
        name: "Reader of the public record",
        job_title: "Reads the published records",
        password_hash: null,
        status: "active",
        is_programme_admin: 0,
        kind: "person",
        is_demo: 1,
        created_at: at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await transaction
      .insertInto("organisation")
      .values({
        id: organisationId,
        name: "Two-Way demonstration",
        kind: "association",
        sector: null,
        is_placeholder: 0,
        is_illustrative: 1,
        created_at: at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    for (const partnership of programme.partnerships) {
      await seatMember(transaction, {
        id: demoId(`membership ${partnership.slug} reader`),
        partnership_id: partnershipIdOf(partnership),
        user_id: readerId,
        organisation_id: organisationId,
        side: "intermediary",
        role: "commenter",
        joined_at: at,
      });
    }
  });
}

/** One page for each partnership that really existed, and nothing beside it. */
async function loadPublicRecordPages(services: DemoServices, programme: ProgrammeRecord): Promise<void> {
  for (const partnership of programme.partnerships) {
    const key = `public record page ${partnership.slug}`;
    const present = await services.db
      .selectFrom("document")
      .select("id")
      .where("id", "=", demoId(`${key} 0`))
      .executeTakeFirst();
    if (present) continue;
    const ids = newDocumentIds(demoIds(key));
    const page = {
      ...ids,
      partnershipId: partnershipIdOf(partnership) as PartnershipId,
      parentId: null,
      meetingId: null,
      kind: "page",
      title: publicRecordTitle,
      text: await services.histories.firstText(publicRecordPage(programme, partnership), ids.clientId),
      askedBy: serverUserId as UserId,
      side: null,
      actorKind: "demo",
    } as const;
    // Nobody’s right is used: the server writes it for itself.
    await insertDocument(services, page, async () => ok(null));
  }
}
