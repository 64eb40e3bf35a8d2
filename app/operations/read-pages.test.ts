/**
 * What the pages read, by person: the facts of one partnership never reach another's
 * members, exchanges are the right ones at any moment, and "since you were here" holds
 * for a whole visit.
 */
import { randomUUID } from "node:crypto";
import Sqlite from "better-sqlite3";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Result } from "../domain/result.ts";
import { readDocuments } from "./read-documents.ts";
import { readHome } from "./read-home.ts";
import { readPartnershipNav } from "./read-partnership-nav.ts";
import { readPartnershipOverview } from "./read-partnership-overview.ts";
import { readProgramme } from "./read-programme.ts";
import { readProgrammes } from "./read-programmes.ts";
import { type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";
import type { PartnershipOfScene, PersonOfScene } from "./testing/people-scene.ts";

const hour = 3_600_000;
const day = 24 * hour;

function valueIn<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`Refused: ${result.refusal.code}`);
  return result.value;
}
const codeOf = (result: Result<unknown>) => (result.ok ? "yes" : result.refusal.code);

describe("what pages read", () => {
  let scene: DocumentsScene;
  beforeEach(async () => {
    scene = await openDocumentsScene();
  });
  afterEach(() => scene.database.close());

  async function meet(
    partnership: PartnershipOfScene,
    number: number,
    startsAt: number,
    more: { state?: string; endsAt?: number | null; title?: string } = {},
  ): Promise<void> {
    await scene.db
      .insertInto("meeting")
      .values({
        ...{ id: randomUUID(), partnership_id: partnership.id, number, kind: "exchange" },
        ...{ title: more.title ?? `Exchange ${number}`, starts_at: startsAt, ends_at: more.endsAt ?? null },
        ...{ time_zone: "Europe/London", venue: null, summary: null, state: more.state ?? "held" },
      })
      .execute();
  }
  /** Somebody writes into a document, as the followers note it. */
  async function writeBy(person: PersonOfScene, documentId: string, at: number, added = 600): Promise<void> {
    const { number } = await scene.db
      .selectFrom("document")
      .select("number")
      .where("id", "=", documentId)
      .executeTakeFirstOrThrow();
    const seat = await scene.db
      .selectFrom("membership")
      .select("side")
      .where("user_id", "=", scene.users[person])
      .executeTakeFirst();
    await scene.db
      .insertInto("activity_day")
      .values({
        ...{
          document: number,
          day_on: new Date(at).toISOString().slice(0, 10),
          user_id: scene.users[person],
        },
        ...{ side: seat?.side ?? null, characters_added: added, characters_removed: 0 },
        ...{ first_at: at, last_at: at },
      })
      .execute();
  }
  const { own, other } = { own: () => scene.own, other: () => scene.other };
  const home = async (person: PersonOfScene) => valueIn(await readHome(scene.services, scene.asker(person)));
  const overview = (person: PersonOfScene, slug: string) =>
    readPartnershipOverview(scene.services, scene.asker(person), { slug });

  /** Both partnerships have a plan, a writer, an exchange behind and one ahead. */
  async function fill(): Promise<{ plan: string; otherPlan: string }> {
    const now = scene.clock.now;
    const plan = await scene.make("Own plan", { kind: "curriculum_plan" });
    const otherPlan = await scene.make("Canary plan", { as: "otherLeader", kind: "curriculum_plan" });
    await writeBy("leaderB", plan, now - hour);
    await writeBy("otherEmployer", otherPlan, now - hour);
    await meet(own(), 1, now - 7 * day, { title: "Own exchange held" });
    await meet(own(), 2, now + 7 * day, { title: "Own exchange ahead", state: "planned" });
    await meet(other(), 1, now - 6 * day, { title: "Canary exchange held" });
    await meet(other(), 2, now + 6 * day, { title: "Canary exchange ahead", state: "planned" });
    return { plan, otherPlan };
  }

  it("[S1] no page of one partnership's people holds a word of another's", async () => {
    await fill();
    const slug = own().slug;
    const programme = `${slug}-programme`;
    let pages = 0;
    for (const person of ["leaderA", "leaderB", "editor", "commenter", "facilitator", "observer"] as const) {
      const asker = scene.asker(person);
      const views = [
        await readHome(scene.services, asker),
        await readProgrammes(scene.services, asker),
        await readProgramme(scene.services, asker, { slug: programme, sector: null }),
        await overview(person, slug),
        await readPartnershipNav(scene.services, asker, { slug }),
        await readDocuments(scene.services, asker, { slug, kind: null }),
      ];
      for (const view of views) {
        const text = JSON.stringify(valueIn(view as Result<unknown>));
        expect(text, person).toContain("Own");
        expect(text, person).not.toContain("Canary");
        pages += 1;
      }
    }
    console.log(`[S1] pages read by members and searched for another partnership's words: ${pages}`);
    expect(pages).toBe(36);
  });

  it("[D13] the overview is read while the file is locked, and notes no visit", async () => {
    await fill();
    await sql`pragma busy_timeout = 0`.execute(scene.db);
    const other = new Sqlite(scene.database.path);
    other.exec("begin immediate");
    try {
      expect(await overview("leaderA", own().slug)).toMatchObject({ ok: true, value: { since: null } });
    } finally {
      other.close();
    }
    expect(await overview("leaderA", own().slug)).toMatchObject({ ok: true, value: { since: null } });
    scene.clock.now += hour;
    expect(await overview("leaderA", own().slug)).toMatchObject({
      value: { since: { at: scene.clock.now - hour } },
    });
  });

  it("[S1] another partnership, and one that does not exist, are both not found", async () => {
    await fill();
    const strangers = ["otherLeader", "otherEmployer", "left", "suspended"] as const;
    for (const person of strangers) {
      const asker = scene.asker(person);
      for (const slug of [own().slug, "nobody-knows-this", "' or 1=1", ""]) {
        const answers = [
          await overview(person, slug),
          await readPartnershipNav(scene.services, asker, { slug }),
          await readDocuments(scene.services, asker, { slug, kind: "curriculum_plan" }),
          await readProgramme(scene.services, asker, { slug: `${slug}-programme`, sector: null }),
        ].map(codeOf);
        // A suspended person is told so where the partnership is known to be theirs; never more.
        for (const code of answers) expect(["not-found", "account-suspended"], person).toContain(code);
        if (person !== "suspended") expect(new Set(answers), person).toEqual(new Set(["not-found"]));
      }
    }
  });

  it("[S1] those who left and those who are suspended have an empty home", async () => {
    await fill();
    for (const person of ["left", "suspended"] as const) {
      const { partnerships, recent, since, programmes } = await home(person);
      expect({ partnerships, recent, since, programmes }, person).toEqual({
        ...{ partnerships: [], recent: [], since: [], programmes: [] },
      });
    }
  });

  it("an administrator opens every partnership, and has none of their own", async () => {
    await fill();
    expect((await home("admin")).partnerships).toEqual([]);
    expect((await home("admin")).programmes.map(({ slug }) => slug)).toEqual([
      `${other().slug}-programme`,
      `${own().slug}-programme`,
    ]);
    for (const { slug } of [own(), other()]) {
      const view = valueIn(await overview("admin", slug));
      expect(view.documents).toHaveLength(1);
      expect(view.whyNoTexts).toBeNull();
    }
  });

  it("an observer sees exchanges and amounts, no titles and no deeds, and is told why", async () => {
    await fill();
    const view = valueIn(await overview("observer", own().slug));
    expect(view.documents).toEqual([]);
    expect(view.deeds).toEqual([]);
    expect(view.since).toBeNull();
    expect(view.lastChangeOf).toEqual({});
    expect(view.whyNoTexts).toMatch(/agreed/);
    expect(view.meetings.map(({ title }) => title)).toEqual(["Own exchange held", "Own exchange ahead"]);
    expect(view.street?.scale).toBeGreaterThan(0);
    expect(JSON.stringify(view)).not.toContain("Own plan");
    expect((await home("observer")).since).toEqual([]);
    const nav = valueIn(
      await readPartnershipNav(scene.services, scene.asker("observer"), { slug: own().slug }),
    );
    expect(nav.counts).toMatchObject({ plans: 0, pages: 0, exchanges: 2 });
    const leaders = valueIn(
      await readPartnershipNav(scene.services, scene.asker("leaderA"), { slug: own().slug }),
    );
    expect(leaders.counts).toMatchObject({ plans: 1, pages: 0, exchanges: 2 });
  });

  it("in a shared programme others' dates and plans stay with their members", async () => {
    await fill();
    // Both partnerships in one programme, as the nine of a real one.
    await scene.db
      .updateTable("partnership")
      .set({ programme_id: own().programmeId })
      .where("id", "=", other().id)
      .execute();
    const read = async (person: PersonOfScene) =>
      valueIn(
        await readProgramme(scene.services, scene.asker(person), {
          slug: `${own().slug}-programme`,
          sector: null,
        }),
      );
    const seen = await read("leaderA");
    expect(seen.total).toBe(2);
    const theirs = seen.lines.find(({ id }) => id === other().id);
    expect(theirs).toMatchObject({ isOpen: false, lastExchange: null, nextExchange: null, plan: null });
    const ours = seen.lines.find(({ id }) => id === own().id);
    expect(ours?.isOpen).toBe(true);
    expect(ours?.lastExchange?.title).toBe("Own exchange held");
    expect(ours?.plan?.changedAt).toBe(scene.clock.now);
    for (const line of (await read("admin")).lines) {
      expect(line.isOpen).toBe(true);
      expect(line.nextExchange).not.toBeNull();
    }
  });

  it("last and next exchange: nearest on each side of now, without cancelled ones, in any order", async () => {
    const now = scene.clock.now;
    await meet(own(), 5, now + 9 * day, { title: "later", state: "planned" });
    await meet(own(), 4, now + 2 * day, { title: "next", state: "planned" });
    await meet(own(), 3, now + day, { title: "cancelled ahead", state: "cancelled" });
    await meet(own(), 2, now - day, { title: "cancelled behind", state: "cancelled" });
    await meet(own(), 1, now - 2 * day, { title: "last" });
    await meet(own(), 0, now - 9 * day, { title: "earlier" });
    const around = async () => {
      const [mine] = (await home("leaderA")).partnerships;
      const page = valueIn(await overview("leaderA", own().slug));
      expect(page.nextExchange?.title, "home and overview agree").toBe(mine?.nextExchange?.title);
      return [mine?.lastExchange?.title, mine?.nextExchange?.title];
    };
    expect(await around()).toEqual(["last", "next"]);
    scene.clock.now = now + 3 * day;
    expect(await around()).toEqual(["next", "later"]);
    scene.clock.now = now + 10 * day;
    expect(await around()).toEqual(["later", undefined]);
    scene.clock.now = now - 10 * day;
    expect(await around()).toEqual([undefined, "earlier"]);
  });

  it("an exchange that is under way is still the next one, until it ends", async () => {
    const now = scene.clock.now;
    await meet(own(), 1, now - hour, { title: "under way", state: "planned", endsAt: now + hour });
    expect((await home("leaderA")).partnerships[0]?.nextExchange?.title).toBe("under way");
    scene.clock.now = now + hour + 1;
    expect((await home("leaderA")).partnerships[0]?.lastExchange?.title).toBe("under way");
    expect((await home("leaderA")).partnerships[0]?.nextExchange).toBeNull();
  });

  it("'since you were here' tells others' deeds after the last visit, and never one's own", async () => {
    const start = scene.clock.now;
    const plan = await scene.make("Own plan", { kind: "curriculum_plan" });
    await writeBy("leaderB", plan, start - hour);
    expect(valueIn(await overview("leaderA", own().slug)).since, "a first visit has no before").toBeNull();
    await writeBy("editor", plan, start + 2 * hour);
    await writeBy("leaderA", plan, start + 3 * hour);
    scene.clock.now = start + day;
    expect((await home("leaderA")).since.map(({ byName }) => byName)).toEqual(["Own editor"]);
    const page = valueIn(await overview("leaderA", own().slug));
    expect(page.since?.at).toBe(start);
    expect(page.since?.deeds.map(({ byName }) => byName)).toEqual(["Own editor"]);
  });

  it("'since you were here' says the same after a reload, and starts anew with the next visit", async () => {
    const start = scene.clock.now;
    const plan = await scene.make("Own plan", { kind: "curriculum_plan" });
    await overview("leaderA", own().slug);
    await writeBy("leaderB", plan, start + hour);
    scene.clock.now = start + day;
    for (let look = 0; look < 4; look++) {
      expect(valueIn(await overview("leaderA", own().slug)).since?.deeds, `look ${look}`).toHaveLength(1);
      expect((await home("leaderA")).since, `home, look ${look}`).toHaveLength(1);
      scene.clock.now += 20 * 60_000;
    }
    scene.clock.now += day;
    expect(valueIn(await overview("leaderA", own().slug)).since?.deeds).toEqual([]);
    expect((await home("leaderA")).since).toEqual([]);
  });

  it("archived documents leave the lists, the deeds and the plan's state", async () => {
    const { plan } = await fill();
    await scene.db
      .updateTable("document")
      .set({ archived_at: scene.clock.now, archived_by: scene.users.leaderA })
      .where("id", "=", plan)
      .execute();
    const view = valueIn(await overview("leaderB", own().slug));
    expect(view.documents).toEqual([]);
    expect(view.deeds).toEqual([]);
    const lists = valueIn(
      await readDocuments(scene.services, scene.asker("leaderB"), {
        slug: own().slug,
        kind: "curriculum_plan",
      }),
    );
    expect(lists.documents).toEqual([]);
    expect(lists.archived.map(({ title }) => title)).toEqual(["Own plan"]);
    const programme = valueIn(
      await readProgramme(scene.services, scene.asker("leaderB"), {
        slug: `${own().slug}-programme`,
        sector: null,
      }),
    );
    expect(programme.lines[0]?.plan).toBeNull();
  });

  it("a programme narrows to a sector; one that nobody has shows nothing, and still counts all", async () => {
    await scene.db.updateTable("partnership").set({ sector: "Retail" }).where("id", "=", own().id).execute();
    const read = async (sector: string | null) =>
      valueIn(
        await readProgramme(scene.services, scene.asker("leaderA"), {
          slug: `${own().slug}-programme`,
          sector,
        }),
      );
    expect(await read("Retail")).toMatchObject({ total: 1, sectors: ["Retail"], lines: [{ id: own().id }] });
    expect(await read("Mining")).toMatchObject({ total: 1, sectors: ["Retail"], lines: [] });
    expect(await read("' or 1=1")).toMatchObject({ lines: [] });
  });
});
