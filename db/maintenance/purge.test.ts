/** `npm run purge`: what it erases, keeps and refuses. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MaintainedPlan, now } from "../testing/maintained-plan.ts";
import { openUpdateLog } from "../update-log/sqlite-update-log.ts";
import { noAnchors } from "./anchors.ts";
import { purgeDocument } from "./purge-document.ts";
import { verifyDatabase } from "./verify-database.ts";

let kept: MaintainedPlan;
beforeEach(async () => {
  kept = await MaintainedPlan.open();
});
afterEach(() => kept.close());

describe("npm run purge", () => {
  it("[P1] leaves no byte of deleted text in any file, keeps the present text, its authors and a chain that verifies", async () => {
    const canary = "CANARY-8f2e61";
    const whole = await kept.type([` ${canary}`, " for a school"]);
    await kept.type([], kept.plan, { at: whole.indexOf(canary), length: canary.length });
    const leftOver = whole.replace(canary, "");
    const email = `${kept.world.provider.userId}@example.org`;
    const holding = () =>
      readdirSync(kept.folder).filter(
        (name) => !name.endsWith(".sock") && readFileSync(join(kept.folder, name)).includes(canary),
      );
    expect(holding().length).toBeGreaterThan(0);
    // The server was killed before search had come to the end.
    await kept.db
      .insertInto("document_text")
      .values({ document_id: kept.plan.id, seq: 3, body: whole, words: 7 })
      .execute();
    kept.tamper(
      `insert into document_search (rowid, title, body) values (${kept.plan.number}, 'Plan', '${whole}');
       insert into document_search (rowid, title, body) values (${kept.plan.number + 1}, 'Another', 'and its words')`,
    );

    // A recovery that is under way would let browsers bring back what is erased.
    await kept.db.updateTable("document").set({ recovering_until: Number.MAX_SAFE_INTEGER }).execute();
    await kept.db.destroy();
    const { code, output } = await kept.command("purge", "--document", kept.plan.id, "--by", email);
    expect(output).toContain("Purged rows 1 to 4");
    expect(code).toBe(0);
    expect(holding()).toEqual([]);
    const terms = new Sqlite(kept.path);
    terms.exec("create virtual table temp.terms using fts5vocab(main, document_search, row)");
    const wordsOf = "select count(*) from temp.terms where term in ('canary', '8f2e61', ?)";
    expect(terms.prepare(wordsOf).pluck().get("another")).toBe(1);
    terms.close();
    expect(await kept.textOf(kept.path)).toBe(leftOver);

    const verified = await kept.command("verify");
    expect(verified.output).toContain(
      `${kept.plan.id}  ok, 5 rows, rows 1 to 4 purged by Leader of the provider on `,
    );
    expect(verified.code).toBe(0);
    kept.reopen();
    const after = await kept.db
      .selectFrom("document")
      .select(["epoch", "recovering_until"])
      .executeTakeFirstOrThrow();
    expect(after.epoch).not.toBe(kept.plan.epoch);
    expect(after.recovering_until).toBe(0);
    expect(await kept.type([" again"])).toBe(`${leftOver} again`);
    const log = await openUpdateLog({ path: kept.path, now });
    expect((await log.rows(kept.plan.number, 1, 6)).map(({ seq, isIntact }) => [seq, isIntact])).toEqual([
      [5, true],
      [6, true],
    ]);
    await log.close();
  });

  it("[D26] takes the text from the rows where the checkpoint is damaged, and is refused where they do not hold it", async () => {
    const text = await kept.type([" for", " a", " school"]);
    const order = { documentId: kept.plan.id, by: `${kept.world.provider.userId}@example.org`, at: 1 };
    const tryIt = async () => {
      await kept.db.destroy();
      const outcome = await purgeDocument(kept.place, order);
      kept.reopen();
      return outcome;
    };
    const row = await kept.db
      .selectFrom("log")
      .select("bytes")
      .where("seq", "=", 3)
      .executeTakeFirstOrThrow();
    kept.tamper("update checkpoint set hash = null; update log set bytes = x'ffff' where seq = 3");
    expect(await tryIt()).toEqual({
      ok: false,
      sentence: expect.stringContaining(
        "Start the server, open the document, stop the server and try again.",
      ),
    });
    // An erasure that did not happen is not on record either.
    expect(await kept.db.selectFrom("audit_event").select("verb").execute()).toEqual([]);
    await kept.db.updateTable("log").set({ bytes: row.bytes }).where("seq", "=", 3).execute();
    expect(await tryIt()).toMatchObject({ ok: true, rows: 4, seq: 5 });
    expect(await kept.textOf(kept.path)).toBe(text);
    expect((await verifyDatabase(kept.path, noAnchors)).damagedCheckpoints).toEqual([]);

    // What is left of the rows begins with the one that the purge wrote.
    kept.tamper("update checkpoint set hash = null");
    expect(await kept.textOf(kept.path)).toBe(text);
    expect(await kept.type([" again"])).toBe(`${text} again`);
    expect(await tryIt()).toMatchObject({ ok: true, rows: 6, seq: 7 });
    expect(await kept.textOf(kept.path)).toBe(`${text} again`);
  });

  it("[D26] is refused in a sentence where a row is missing, and leaves no word of itself on record", async () => {
    await kept.type([" for", " a", " school"]);
    kept.tamper("delete from log where seq = 3");
    const by = `${kept.world.provider.userId}@example.org`;
    await kept.db.destroy();
    expect(await purgeDocument(kept.place, { documentId: kept.plan.id, by, at: 1 })).toEqual({
      ok: false,
      sentence: expect.stringContaining(`Row 3 of ${kept.plan.id} is missing`),
    });
    kept.reopen();
    expect(await kept.db.selectFrom("audit_event").select("verb").execute()).toEqual([]);
  });

  it("[P1] leaves no damaged checkpoint behind, whatever row it claims to stand at", async () => {
    await kept.type([" for", " a", " school"]);
    await kept.db.updateTable("checkpoint").set({ seq: 1_000_000 }).execute();
    await kept.db.destroy();
    const by = `${kept.world.provider.userId}@example.org`;
    expect(await purgeDocument(kept.place, { documentId: kept.plan.id, by, at: 1 })).toMatchObject({
      ok: true,
      seq: 5,
    });
    kept.reopen();
    expect(await kept.db.selectFrom("checkpoint").select("seq").execute()).toEqual([{ seq: 5 }]);
  });

  it("[D26] goes past rows that are damaged: they are erased with the rest", async () => {
    await kept.type([" for", " a", " school"]);
    kept.tamper("update log set bytes = x'ffff' where seq = 4");
    await kept.db.destroy();
    const email = `${kept.world.provider.userId}@example.org`;
    expect(await purgeDocument(kept.place, { documentId: kept.plan.id, by: email, at: 1 })).toMatchObject({
      ok: true,
      rows: 4,
      seq: 5,
    });
    expect(await kept.textOf(kept.path)).toBe("Design and install a network for a");
    kept.reopen();
  });

  it("is refused in the name of anybody but an administrator or a leader of that partnership", async () => {
    const { userId } = kept.world.provider;
    const order = { documentId: kept.plan.id, by: `${userId}@example.org`, at: 1 };
    const refused = { ok: false, sentence: expect.stringContaining("may not order this") };
    const set = (table: "membership" | "user", change: object) =>
      kept.db
        .updateTable(table)
        .set(change)
        .where(table === "user" ? "id" : ("user_id" as "id"), "=", userId)
        .execute();
    const tryIt = async () => {
      await kept.db.destroy();
      const outcome = await purgeDocument(kept.place, order);
      kept.reopen();
      return outcome;
    };
    await set("membership", { role: "editor" });
    expect(await tryIt()).toEqual(refused);
    await set("membership", { role: "leader", status: "left" });
    expect(await tryIt()).toEqual(refused);
    expect(await kept.textOf(kept.path)).toBe("Design and install a network");
    await set("user", { is_programme_admin: 1, status: "suspended" });
    expect(await tryIt()).toMatchObject({ ok: false });
    await set("user", { status: "active" });
    expect(await tryIt()).toMatchObject({ ok: true });
  });

  it("is refused for unknown documents, without a name behind it, and beside a running server", async () => {
    const email = `${kept.world.provider.userId}@example.org`;
    expect((await kept.command("purge", "--document", kept.plan.id)).output).toContain("who orders it");
    expect((await kept.command("purge", "--document", kept.plan.id, "--by", email)).output).toContain(
      "has the database open",
    );
    await kept.db.destroy();
    const order = { documentId: kept.plan.id, by: email, at: 1 };
    expect(await purgeDocument(kept.place, { ...order, documentId: "none" })).toMatchObject({ ok: false });
    expect(await purgeDocument(kept.place, { ...order, by: "nobody@example.org" })).toMatchObject({
      ok: false,
    });
    expect(await kept.textOf(kept.path)).toBe("Design and install a network");
    kept.reopen();
  });
});
