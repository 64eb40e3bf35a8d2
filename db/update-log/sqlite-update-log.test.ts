/** The log as its users know it: order, reopening, leases, closing, a writer that crashes. */
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { insertPlanDocument } from "../testing/plan-fixture.ts";
import { PlanLog, reasonOf } from "../testing/plan-log.ts";
import { openUpdateLog } from "./sqlite-update-log.ts";
import type { Appended } from "./update-log.ts";

let opened: PlanLog;
beforeEach(async () => {
  opened = await PlanLog.open();
});
afterEach(() => opened.close());

describe("the update log", () => {
  it("[B6] answers a ping while somebody else holds the file, after a crash of its writer, and not once closed", async () => {
    await opened.log.ping();
    const other = new Sqlite(opened.test.path);
    other.exec("begin immediate");
    const waiting = opened.log.openSource(opened.serverSource());
    await opened.log.ping();
    other.exec("rollback");
    other.close();
    await waiting;
    const crashed = opened.log.crashWriter();
    const asked = opened.log.ping();
    await crashed;
    await asked;
    await opened.log.close();
    await expect(opened.log.ping()).rejects.toThrow("closed");
  });

  it("gives rows of a document their seq in the order they were handed over", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    const told: Appended[] = [];
    opened.log.onAppended((rows) => told.push(...rows));
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) => opened.log.append(opened.row(source, `letter ${i}`))),
    );
    const seqs = results.map((result) => (result.ok ? result.value.seq : 0));
    expect(seqs).toEqual(Array.from({ length: 200 }, (_, i) => i + 2));
    expect(told.map(({ seq }) => seq)).toEqual(seqs);
    expect(opened.log.headSeq(opened.plan.number)).toBe(201);
    const rows = await opened.log.rows(opened.plan.number, 2, 201);
    expect(rows.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(
      Array.from({ length: 200 }, (_, i) => `letter ${i}`),
    );
    expect(rows.every(({ isIntact }) => isIntact)).toBe(true);
  });

  it("knows seq and hash again after it was closed and opened", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    for (let i = 0; i < 5; i++) await opened.log.append(opened.row(source, `letter ${i}`));
    await opened.reopen();
    expect(opened.log.headSeq(opened.plan.number)).toBe(6);
    await opened.log.append(opened.row(source, "after"));
    const rows = await opened.log.rows(opened.plan.number, 1, 7);
    expect(rows).toHaveLength(7);
    expect(rows.every(({ isIntact }) => isIntact)).toBe(true);
  });

  it("[D4] serves a document that was created while the log was open, template and all", async () => {
    const later = await insertPlanDocument(opened.test.db, opened.world, "Made later");
    const stored = await opened.log.load(later.id);
    expect(stored?.headSeq).toBe(1);
    expect(stored?.checkpoint.seq).toBe(1);
    expect(stored?.tail).toEqual([]);
    const source = await opened.sourceOf(opened.world.provider, later);
    expect(await opened.log.append(opened.row(source, "x", later))).toMatchObject({
      ok: true,
      value: { seq: 2 },
    });
    expect((await opened.log.load(later.id))?.tail).toHaveLength(1);
    expect(await opened.log.load("00000000-0000-4000-8000-000000000001")).toBeNull();
  });

  it("[W3] refuses what a right no longer covers, and keeps the rest of the same batch", async () => {
    const [provider, employer] = [
      await opened.sourceOf(opened.world.provider),
      await opened.sourceOf(opened.world.employer),
    ];
    await opened.test.db
      .updateTable("membership")
      .set({ role: "observer" })
      .where("user_id", "=", opened.world.provider.userId)
      .execute();
    const results = await Promise.all([
      opened.log.append(opened.row(provider, "lost")),
      opened.log.append(opened.row(employer, "kept")),
      opened.log.append(opened.row(provider, "lost")),
    ]);
    expect(results.map(reasonOf)).toEqual(["right-lost", "appended", "right-lost"]);
    await opened.test.db.deleteFrom("session").where("id", "=", opened.world.employer.sessionId).execute();
    expect(reasonOf(await opened.log.append(opened.row(employer, "late")))).toBe("signed-out");
    expect(opened.log.headSeq(opened.plan.number)).toBe(2);
  });
});

describe("leases", () => {
  it("[W10] 2,000 races of two people for one client id have exactly one winner each", async () => {
    let both = 0;
    let nobody = 0;
    for (let at = 0; at < 2_000; at += 50) {
      await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          const id = 1_000 + at + i;
          const people =
            i % 2 === 0
              ? [opened.world.provider, opened.world.employer]
              : [opened.world.employer, opened.world.provider];
          const taken = await Promise.all(
            people.map(({ userId }) => opened.log.lease(opened.leaseOf(userId, [id]))),
          );
          const winners = taken.filter(({ refused }) => refused.length === 0).length;
          if (winners > 1) both++;
          if (winners === 0) nobody++;
        }),
      );
    }
    const rows = await opened.test.db
      .selectFrom("client_lease")
      .select("client_id")
      .where("client_id", ">=", 1_000)
      .where("client_id", "<", 3_000)
      .execute();
    console.log(`[W10] 2000 races: ${both} won by both, ${nobody} by nobody, ${rows.length} leases stored`);
    expect({ both, nobody, leases: rows.length }).toEqual({ both: 0, nobody: 0, leases: 2_000 });
  });

  it("[W10] are for ever: a reconnecting owner keeps them, nobody else gets them, in this lineage", async () => {
    expect(await opened.log.lease(opened.leaseOf(opened.world.provider.userId, [5, 6]))).toEqual({
      refused: [],
    });
    expect(await opened.log.lease(opened.leaseOf(opened.world.provider.userId, [5, 6, 7]))).toEqual({
      refused: [],
    });
    expect(await opened.log.lease(opened.leaseOf(opened.world.employer.userId, [6, 8]))).toEqual({
      refused: [6],
    });
    const elsewhere = { ...opened.leaseOf(opened.world.employer.userId, [6]), lineage: "another" };
    expect(await opened.log.lease(elsewhere)).toEqual({ refused: [] });
  });
});

describe("closing", () => {
  it("[D11] waits for what was handed over, and answers what comes later as not stored", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    const under = Array.from({ length: 20 }, () => opened.log.append(opened.row(source, "x")));
    await opened.log.close();
    expect((await Promise.all(under)).map(reasonOf)).toEqual(Array(20).fill("appended"));
    expect(reasonOf(await opened.log.append(opened.row(source, "late")))).toBe("storage");
    await expect(opened.log.load(opened.plan.id)).rejects.toThrow("closed");
    await expect(opened.sourceOf(opened.world.provider)).rejects.toThrow("closed");
  });

  it("[D11] cuts a backup short instead of waiting for it", async () => {
    const source = await opened.log.openSource(opened.serverSource());
    for (let i = 0; i < 4; i++)
      await opened.log.append({ ...opened.row(source, ""), bytes: new Uint8Array(1024 * 1024) });
    const ended: string[] = [];
    const backup = opened.log.backup(`${opened.test.folder}/copy.db`).then(
      () => ended.push("backup done"),
      (error: Error) => ended.push(error.message),
    );
    await opened.log.close().then(() => ended.push("closed"));
    await backup;
    expect(ended.sort()).toEqual(["closed", "the log is closed"]);
  });

  it("[D11] ends also while a crashed writer is starting again, with rows that nobody was told of", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    const under = Array.from({ length: 50 }, (_, i) => opened.log.append(opened.row(source, `row ${i}`)));
    await new Promise((next) => setImmediate(next));
    await opened.log.crashWriter();
    await opened.log.close();
    expect((await Promise.all(under)).length).toBe(50);
  });

  it("[D11] a log that cannot be opened says so", async () => {
    await expect(
      openUpdateLog({ path: `${opened.test.folder}/none/two-way.db`, now: () => 1 }),
    ).rejects.toThrow();
  });
});

describe("when the writer's thread crashes", () => {
  it("[D1] the log goes on without a restart: nothing acknowledged is lost, nothing is left unanswered", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    const told: Appended[] = [];
    opened.log.onAppended((rows) => told.push(...rows));
    const acked: number[] = [];
    const outcomes = { appended: 0, storage: 0 };
    for (let crash = 0; crash < 15; crash++) {
      const under = Array.from({ length: 30 }, (_, i) =>
        opened.log.append(opened.row(source, `crash ${crash} row ${i}`)),
      );
      // A different number of turns of the loop each time: before, within and after a commit.
      for (let turn = 0; turn < crash * 25; turn++) await new Promise((next) => setImmediate(next));
      const crashed = opened.log.crashWriter();
      for (const result of await Promise.all(under)) {
        outcomes[reasonOf(result) as "appended" | "storage"]++;
        if (result.ok) acked.push(result.value.seq);
      }
      await crashed;
      const after = await opened.log.append(opened.row(source, `after crash ${crash}`));
      if (after.ok) acked.push(after.value.seq);
      else outcomes.storage++;
    }
    const head = (await opened.log.load(opened.plan.id))?.headSeq ?? 0;
    const rows = await opened.log.rows(opened.plan.number, 2, head);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: head - 1 }, (_, i) => i + 2));
    expect(rows.every(({ isIntact }) => isIntact)).toBe(true);
    expect(acked.filter((seq) => seq > head)).toEqual([]);
    // Every durable row was told, also those whose sender heard "storage".
    expect(new Set(told.map(({ seq }) => seq)).size).toBe(head - 1);
    console.log(
      `[D1] 15 crashes: ${acked.length} acked, ${head - 1} durable, ${outcomes.storage} told to send again`,
    );
  });
});
