/**
 * Loads the demonstration data into a new database: the nine partnerships of the
 * public record and four more accounts, exactly as published; and invented
 * partnerships, labelled "Illustrative content", written through the real log by
 * their invented people. Loading again changes nothing, and a load that was
 * interrupted continues where it stopped.
 */
import type { PartnershipId, UserId } from "../../app/domain/ids.ts";
import { insertDocument } from "../../app/operations/create-document.ts";
import type { Database, Histories } from "../../app/operations/services.ts";
import type { UpdateLog } from "../update-log/update-log.ts";
import { inventedPartnerships, sideBySide } from "./illustrative/side-by-side.ts";
import { loadInvented, storyShift } from "./load-invented.ts";
import { loadProgramme, partnershipIdOf } from "./load-records.ts";
import { otherSources } from "./other-sources.ts";
import { publicRecordPage, publicRecordTitle } from "./public-record-pages.ts";
import { demoId, demoIds, type ProgrammeRecord } from "./record.ts";
import { twoWayStreet } from "./two-way-street.ts";

export type DemoServices = {
  readonly db: Database;
  readonly log: UpdateLog;
  readonly histories: Histories;
  now(): number;
};

const settingName = "demo-data";
/** Sees every programme. A role rather than an invented name: it stands beside real organisations. */
export const demoAdministratorId = demoId("user administrator") as UserId;

/** Loads what is missing. Answers false when everything was there already. */
export async function loadDemo(services: DemoServices): Promise<{ readonly isNew: boolean }> {
  const { db } = services;
  const done = await db
    .selectFrom("setting")
    .select("value")
    .where("name", "=", settingName)
    .executeTakeFirst();
  if (done) return { isNew: false };

  await insertAdministrator(services);
  for (const programme of [twoWayStreet, otherSources]) {
    await loadProgramme(db, programme, services.now());
    await loadPublicRecordPages(services, programme);
  }
  await loadProgramme(db, sideBySide, services.now());
  const shiftMs = storyShift(inventedPartnerships, services.now());
  for (const partnership of inventedPartnerships) await loadInvented(services, partnership, shiftMs);
  await db.insertInto("setting").values({ name: settingName, value: "1" }).execute();
  return { isNew: true };
}

async function insertAdministrator(services: DemoServices): Promise<void> {
  await services.db
    .insertInto("user")
    .values({
      id: demoAdministratorId,
      email: "administrator@demo.invalid",
      name: "Programme administrator",
      job_title: "Sees every programme",
      password_hash: null,
      status: "active",
      is_programme_admin: 1,
      kind: "person",
      is_demo: 1,
      created_at: services.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
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
    await insertDocument(
      { db: services.db, now: services.now, newId: demoIds(key) },
      {
        partnershipId: partnershipIdOf(partnership) as PartnershipId,
        parentId: null,
        meetingId: null,
        kind: "page",
        title: publicRecordTitle,
        json: publicRecordPage(programme, partnership),
        askedBy: demoAdministratorId,
        side: null,
        actorKind: "demo",
      },
    );
  }
}
