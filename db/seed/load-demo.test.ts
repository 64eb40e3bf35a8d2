import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countWords, plainText } from "../../app/document/plain-text.ts";
import type { DocumentId } from "../../app/domain/ids.ts";
import { openHistories } from "../../collab-server/follow-log/histories.ts";
import { verifyAudit } from "../audit.ts";
import { unpackText } from "../exports/packed-text.ts";
import type { Schema } from "../schema.ts";
import { openTestDatabase, type TestDatabase } from "../testing/open-test-database.ts";
import { openUpdateLog, type SqliteUpdateLog } from "../update-log/sqlite-update-log.ts";
import { dairy, inventedPartnerships } from "./illustrative/side-by-side.ts";
import { loadDemo } from "./load-demo.ts";
import { momentOf, storyShift, thursdayAhead } from "./load-invented.ts";
import { partnershipIdOf } from "./load-records.ts";
import { demoId } from "./record.ts";

/** Written by hand from the public project page, not from the code under test. */
const theNine = [
  ["Construction", "Barking and Dagenham College", "Rooff Limited"],
  ["Agribusiness", "Boston College", "T.H.Clements"],
  ["Logistics and Transport", "Buxton and Leek College + University of Derby", "Various employers"],
  [
    "Construction",
    "Ealing, Hammersmith and West London College + City and Guilds London Institute",
    "Mace Construction + Catalyst Housing",
  ],
  ["Retail", "Fareport Training Organisation", "Theo Paphitis Retail Group"],
  ["Process Manufacturing", "Kirklees College", "Syngenta + Nufarm"],
  [
    "Health",
    "South West Association of Training Providers (Swatpro)",
    "North Bristol National Health Service (NHS) Trust",
  ],
  ["Engineering and Advanced Manufacturing", "The Skills Company", "The Hyde Group"],
  ["STEM Occupations", "Wirral Metropolitan College", "Unilever Ltd"],
];

const now = Date.UTC(2026, 10, 23, 10);
const planId = demoId(`document ${dairy.record.slug} Maintenance technician, years 1 and 2 0`) as DocumentId;

let database: TestDatabase;
let log: SqliteUpdateLog;
let histories: Awaited<ReturnType<typeof openHistories>>;
let db: Kysely<Schema>;
let tookMs = 0;

const openHistoriesOf = (path: string, itsLog: SqliteUpdateLog) =>
  openHistories({
    path,
    log: itsLog,
    now: () => now,
    newId: randomUUID,
    appendServerEdit: () => Promise.reject(new Error("Nothing is restored here")),
  });

async function start() {
  log = await openUpdateLog({ path: database.path, now: () => now });
  histories = await openHistoriesOf(database.path, log);
}
const load = () => loadDemo({ db, log, histories, now: () => now });

beforeAll(async () => {
  database = await openTestDatabase();
  db = database.db;
  await start();
  const begun = performance.now();
  await load();
  await histories.caughtUp();
  tookMs = performance.now() - begun;
}, 120_000);

afterAll(async () => {
  await histories.close();
  await log.close();
  await database.close();
});

async function counts(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of [
    "organisation",
    "programme",
    "partnership",
    "partnership_org",
    "user",
    "membership",
    "meeting",
    "document",
    "log",
    "version",
    "client_lease",
    "audit_event",
  ] as const) {
    const { count } = await db
      .selectFrom(table)
      .select((column) => column.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    found[table] = Number(count);
  }
  return found;
}

describe("the public record", () => {
  it("holds exactly the nine partnerships of the project page, with sectors and sides", async () => {
    const rows = await db
      .selectFrom("partnership")
      .innerJoin("programme", "programme.id", "partnership.programme_id")
      .innerJoin("partnership_org", "partnership_org.partnership_id", "partnership.id")
      .innerJoin("organisation", "organisation.id", "partnership_org.organisation_id")
      .select(["partnership.id", "partnership.sector", "partnership_org.side", "organisation.name"])
      .where("programme.title", "=", "Two-Way Street Leadership Exchange")
      .orderBy("partnership_org.position")
      .execute();
    const found = [...Map.groupBy(rows, (row) => row.id).values()].map((orgs) => {
      const names = (side: string) =>
        orgs
          .filter((org) => org.side === side)
          .map((org) => org.name)
          .join(" + ");
      return [orgs[0]?.sector, names("provider"), names("employer")];
    });
    expect(found.toSorted()).toEqual(theNine.toSorted());
  });

  it("says who funded and convened it, and keeps the two unusual cases", async () => {
    const programme = await db
      .selectFrom("programme")
      .select(["funder", "convenor", "starts_on", "ends_on", "is_illustrative"])
      .where("slug", "=", "two-way-street")
      .executeTakeFirstOrThrow();
    expect(programme).toEqual({
      funder: "Education and Training Foundation",
      convenor: "UCL Institute of Education, Centre for Post-14 Education and Work",
      starts_on: "2015-02-01",
      ends_on: "2015-10-31",
      is_illustrative: 0,
    });
    const unusual = await db
      .selectFrom("partnership_org")
      .innerJoin("organisation", "organisation.id", "partnership_org.organisation_id")
      .select(["organisation.name", "organisation.is_placeholder", "partnership_org.on_behalf_of"])
      .where((where) => where.or([where("is_placeholder", "=", 1), where("on_behalf_of", "is not", null)]))
      .orderBy("organisation.name")
      .execute();
    expect(unusual).toEqual([
      { name: "The Skills Company", is_placeholder: 0, on_behalf_of: "Engineering Futures" },
      { name: "Various employers", is_placeholder: 1, on_behalf_of: null },
    ]);
  });

  it("puts nothing beside a real organisation but one page that names its source", async () => {
    const real = await db
      .selectFrom("partnership")
      .innerJoin("programme", "programme.id", "partnership.programme_id")
      .select(["partnership.id", "partnership.source_text"])
      .where("programme.is_illustrative", "=", 0)
      .execute();
    expect(real).toHaveLength(13);
    for (const partnership of real) {
      const documents = await db
        .selectFrom("document")
        .select(["id", "number", "title", "kind"])
        .where("partnership_id", "=", partnership.id)
        .execute();
      expect(documents.map(({ title, kind }) => ({ title, kind }))).toEqual([
        { title: "From the public record", kind: "page" },
      ]);
      const present = await histories.packPresent(documents[0]?.id as DocumentId);
      const text = present.ok ? plainText(unpackText(present.value)) : "";
      expect(text).toContain(partnership.source_text);
      for (const person of inventedPartnerships.flatMap((one) => Object.values(one.people)))
        expect(text).not.toContain(person.name);
      const meetings = await db
        .selectFrom("meeting")
        .select("id")
        .where("partnership_id", "=", partnership.id)
        .execute();
      expect(meetings).toEqual([]);
      // The one seat is a reader's: nobody can write beside a real name.
      const seats = await db
        .selectFrom("membership")
        .innerJoin("user", "user.id", "membership.user_id")
        .select(["user.name", "membership.role"])
        .where("partnership_id", "=", partnership.id)
        .execute();
      expect(seats).toEqual([{ name: "Reader of the public record", role: "commenter" }]);
    }
  });

  it("never lets an invented organisation carry a real one's name", async () => {
    const organisations = await db
      .selectFrom("organisation")
      .innerJoin("partnership_org", "partnership_org.organisation_id", "organisation.id")
      .innerJoin("partnership", "partnership.id", "partnership_org.partnership_id")
      .select(["organisation.is_illustrative as organisation", "partnership.is_illustrative as partnership"])
      .execute();
    expect(organisations.filter((row) => row.organisation !== row.partnership)).toEqual([]);
  });
});

describe("the illustrative partnership", () => {
  it("has a plan of 3,000 words and more, written by both sides", async () => {
    const present = await histories.packPresent(planId);
    const words = present.ok ? countWords(plainText(unpackText(present.value))) : 0;
    console.log(`illustrative plan: ${words} words; demonstration data loaded in ${Math.round(tookMs)} ms`);
    expect(words).toBeGreaterThanOrEqual(3000);
    const authors = await db
      .selectFrom("activity_day")
      .innerJoin("document", "document.number", "activity_day.document")
      .select(["activity_day.side", "activity_day.user_id"])
      .select((column) => column.fn.sum<number>("characters_added").as("added"))
      .where("document.id", "=", planId)
      .where("activity_day.side", "is not", null)
      .groupBy(["activity_day.side", "activity_day.user_id"])
      .execute();
    for (const side of ["provider", "employer"]) {
      const people = authors.filter((author) => author.side === side);
      expect(people.length).toBeGreaterThanOrEqual(3);
      expect(people.reduce((sum, person) => sum + Number(person.added), 0)).toBeGreaterThan(4000);
    }
  });

  it("held five exchanges over nine months, each with its notes", async () => {
    const meetings = await db
      .selectFrom("meeting")
      .leftJoin("document", "document.meeting_id", "meeting.id")
      .select(["meeting.number", "meeting.starts_at", "meeting.state", "document.kind"])
      .where("meeting.partnership_id", "=", partnershipIdOf(dairy.record))
      .orderBy("meeting.number")
      .execute();
    expect(meetings.map(({ number, state, kind }) => [number, state, kind])).toEqual(
      [1, 2, 3, 4, 5].map((number) => [number, "held", "exchange_notes"]),
    );
    const months = meetings.map((meeting) => new Date(meeting.starts_at).getUTCMonth());
    expect((months.at(-1) ?? 0) - (months[0] ?? 0)).toBe(8);
  });

  it("names its versions at the time of the story and cuts others when the sides take turns", async () => {
    const versions = await db
      .selectFrom("version")
      .select(["kind", "name", "created_at", "authors", "words"])
      .where("document_id", "=", planId)
      .orderBy("number")
      .execute();
    expect(versions.filter((version) => version.kind === "named").map((version) => version.name)).toEqual([
      "First full draft",
      "After exchange 2",
      "After exchange 3",
      "After exchange 4",
      "For the first cohort",
    ]);
    expect(versions.filter((version) => version.kind === "handover").length).toBeGreaterThan(5);
    const times = versions.map((version) => version.created_at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(Math.max(...times)).toBeLessThan(now);
    expect(
      new Set(
        versions.flatMap((version) =>
          (JSON.parse(version.authors) as { side: string }[]).map((author) => author.side),
        ),
      ),
    ).toContain("employer");
  });

  it("credits each sentence to who wrote it: log rows are demonstration rows of leased client ids", async () => {
    const rows = await db
      .selectFrom("log")
      .innerJoin("log_source", "log_source.id", "log.source")
      .innerJoin("document", "document.number", "log.document")
      .select(["log_source.actor_kind", "log_source.user_id", "log_source.side", "log.at"])
      .where("document.id", "=", planId)
      .orderBy("log.seq")
      .execute();
    expect(new Set(rows.map((row) => row.actor_kind))).toEqual(new Set(["demo"]));
    expect(new Set(rows.map((row) => row.user_id)).size).toBe(7);
    console.log(`illustrative plan: ${rows.length} rows of the log`);
    expect(rows.length).toBeGreaterThan(400);
  });

  it("[S18] tells in the audit trail of everybody who was seated", async () => {
    const members = await db.selectFrom("membership").select("id").orderBy("id").execute();
    const joined = await db
      .selectFrom("audit_event")
      .select(["object_id as id", "verb"])
      .orderBy("object_id")
      .execute();
    expect(members.length).toBeGreaterThan(20);
    expect(joined).toEqual(members.map(({ id }) => ({ id, verb: "membership.joined" })));
    expect(await verifyAudit(db)).toMatchObject({ kind: "intact", rows: members.length });
  });

  it("offers a leader of each side, a facilitator, an observer and a reader to look around as", async () => {
    const people = await db
      .selectFrom("user")
      .leftJoin("membership", "membership.user_id", "user.id")
      .select(["membership.side", "membership.role", "user.is_programme_admin"])
      .where("user.is_demo", "=", 1)
      .execute();
    expect(
      [
        ...new Set(people.map((person) => `${person.side} ${person.role} ${person.is_programme_admin}`)),
      ].toSorted(),
    ).toEqual([
      "employer leader 0",
      "funder observer 0",
      "intermediary commenter 0",
      "intermediary facilitator 0",
      "provider leader 0",
    ]);
  });
});

describe("loading", () => {
  it("again doubles nothing", async () => {
    const before = await counts();
    expect(await load()).toEqual({ isNew: false });
    expect(await counts()).toEqual(before);
  });

  it("goes on where an interrupted load stopped, and doubles nothing", async () => {
    const before = await counts();
    await db.deleteFrom("setting").where("name", "=", "demo-data").execute();
    await histories.close();
    await log.close();
    await start();
    expect(await load()).toEqual({ isNew: true });
    await histories.caughtUp();
    expect(await counts()).toEqual(before);
  });

  it("goes on in the middle of a document when the first start was cut off there", async () => {
    const expected = await counts();
    const second = await openTestDatabase();
    const first = { db, log, histories };
    const openParts = async () => {
      const itsLog = await openUpdateLog({ path: second.path, now: () => now });
      return { db: second.db, log: itsLog, histories: await openHistoriesOf(second.path, itsLog) };
    };
    try {
      const cutOff = await openParts();
      let left = 300;
      const append: SqliteUpdateLog["append"] = (row, companions) => {
        left -= 1;
        return left > 0 ? cutOff.log.append(row, companions) : Promise.reject(new Error("The power went"));
      };
      const failing = Object.assign(Object.create(cutOff.log) as SqliteUpdateLog, {
        append,
        load: (id: string) => cutOff.log.load(id),
        rows: (...asked: Parameters<SqliteUpdateLog["rows"]>) => cutOff.log.rows(...asked),
        lease: (order: Parameters<SqliteUpdateLog["lease"]>[0]) => cutOff.log.lease(order),
        openSource: (source: Parameters<SqliteUpdateLog["openSource"]>[0]) => cutOff.log.openSource(source),
      });
      await expect(loadDemo({ ...cutOff, log: failing, now: () => now })).rejects.toThrow("The power went");
      await cutOff.histories.close();
      await cutOff.log.close();

      const goingOn = await openParts();
      expect(await loadDemo({ ...goingOn, now: () => now })).toEqual({ isNew: true });
      await goingOn.histories.caughtUp();
      db = second.db;
      expect(await counts()).toEqual(expected);
      const [one, other] = await Promise.all([
        first.histories.packPresent(planId),
        goingOn.histories.packPresent(planId),
      ]);
      if (!one?.ok || !other?.ok) throw new Error("A plan of the demonstration cannot be read");
      expect(unpackText(other.value)).toEqual(unpackText(one.value));
      await goingOn.histories.close();
      await goingOn.log.close();
    } finally {
      db = first.db;
      await second.close();
    }
  });

  it("plans the next exchange for a Thursday in the third week ahead", () => {
    for (let day = 0; day < 14; day += 1) {
      const at = now + day * 24 * 3_600_000;
      const planned = thursdayAhead(at);
      expect(new Date(planned).getUTCDay()).toBe(4);
      expect(planned - at).toBeGreaterThan(13 * 24 * 3_600_000);
      expect(planned - at).toBeLessThan(22 * 24 * 3_600_000);
    }
  });

  it("moves the story back by whole weeks when the clock stands before it", () => {
    const early = Date.UTC(2026, 2, 1);
    const shift = storyShift(inventedPartnerships, early);
    expect(shift % (7 * 24 * 3_600_000)).toBe(0);
    expect(momentOf("2026-10-23T06:40") - shift).toBeLessThan(early);
    expect(storyShift(inventedPartnerships, now)).toBe(0);
  });
});
