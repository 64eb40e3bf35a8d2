import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serverUserId } from "../server-user.ts";
import { openTestDatabase, type TestDatabase } from "../testing/open-test-database.ts";
import {
  insertPlanDocument,
  insertPlanWorld,
  type PlanDocument,
  type PlanWorld,
} from "../testing/plan-fixture.ts";
import { hashedCheckpoint } from "./checkpoint-hash.ts";
import { openUpdateLog, type SqliteUpdateLog } from "./sqlite-update-log.ts";
import type { Appended, AppendResult } from "./update-log.ts";

let test: TestDatabase;
let world: PlanWorld;
let plan: PlanDocument;
let log: SqliteUpdateLog;

beforeEach(async () => {
  test = await openTestDatabase();
  world = await insertPlanWorld(test.db);
  plan = await insertPlanDocument(test.db, world);
  log = await openUpdateLog({ path: test.path, now: () => 1_000 });
});
afterEach(async () => {
  await log.close();
  await test.close();
});

function sourceOf(person: { userId: string; sessionId: string }, document: PlanDocument = plan) {
  return log.openSource({
    document: document.number,
    epoch: document.epoch,
    lineage: document.lineage,
    schemaNumber: 1,
    actorKind: "user",
    userId: person.userId,
    side: "provider",
    sessionId: person.sessionId,
  });
}
function row(source: number, text: string, document: PlanDocument = plan) {
  return {
    document: document.number,
    source,
    at: 1_000,
    clientIds: [],
    bytes: new TextEncoder().encode(text),
  };
}
function serverSource() {
  return {
    document: plan.number,
    epoch: plan.epoch,
    lineage: plan.lineage,
    schemaNumber: 1,
    actorKind: "server" as const,
    userId: world.provider.userId,
    side: null,
    sessionId: null,
  };
}
function leaseOf(userId: string, clientIds: readonly number[]) {
  return { lineage: plan.lineage, clientIds, userId, side: null, sessionId: null, at: 1 };
}
function reasonOf(result: AppendResult): string {
  return result.ok ? "appended" : result.refusal.reason;
}

describe("the update log", () => {
  it("[B6] answers a ping while somebody else holds the file, after a crash of its writer, and not once closed", async () => {
    await log.ping();
    const other = new Sqlite(test.path);
    other.exec("begin immediate");
    const waiting = log.openSource(serverSource());
    await log.ping();
    other.exec("rollback");
    other.close();
    await waiting;
    const crashed = log.crashWriter();
    const asked = log.ping();
    await crashed;
    await asked;
    await log.close();
    await expect(log.ping()).rejects.toThrow("closed");
  });

  it("gives rows of a document their seq in the order they were handed over", async () => {
    const source = await sourceOf(world.provider);
    const told: Appended[] = [];
    log.onAppended((rows) => told.push(...rows));
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) => log.append(row(source, `letter ${i}`))),
    );
    const seqs = results.map((result) => (result.ok ? result.value.seq : 0));
    expect(seqs).toEqual(Array.from({ length: 200 }, (_, i) => i + 2));
    expect(told.map(({ seq }) => seq)).toEqual(seqs);
    expect(log.headSeq(plan.number)).toBe(201);
    const rows = await log.rows(plan.number, 2, 201);
    expect(rows.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(
      Array.from({ length: 200 }, (_, i) => `letter ${i}`),
    );
    expect(rows.every(({ isIntact }) => isIntact)).toBe(true);
  });

  it("knows seq and hash again after it was closed and opened", async () => {
    const source = await sourceOf(world.provider);
    for (let i = 0; i < 5; i++) await log.append(row(source, `letter ${i}`));
    await log.close();
    log = await openUpdateLog({ path: test.path, now: () => 1_000 });
    expect(log.headSeq(plan.number)).toBe(6);
    await log.append(row(source, "after"));
    const rows = await log.rows(plan.number, 1, 7);
    expect(rows).toHaveLength(7);
    expect(rows.every(({ isIntact }) => isIntact)).toBe(true);
  });

  it("[D4] serves a document that was created while the log was open, template and all", async () => {
    const later = await insertPlanDocument(test.db, world, "Made later");
    const stored = await log.load(later.id);
    expect(stored?.headSeq).toBe(1);
    expect(stored?.checkpoint.seq).toBe(1);
    expect(stored?.tail).toEqual([]);
    const source = await sourceOf(world.provider, later);
    expect(await log.append(row(source, "x", later))).toMatchObject({ ok: true, value: { seq: 2 } });
    expect((await log.load(later.id))?.tail).toHaveLength(1);
    expect(await log.load("00000000-0000-4000-8000-000000000001")).toBeNull();
  });

  it("[W3] refuses what a right no longer covers, and keeps the rest of the same batch", async () => {
    const [provider, employer] = [await sourceOf(world.provider), await sourceOf(world.employer)];
    await test.db
      .updateTable("membership")
      .set({ role: "observer" })
      .where("user_id", "=", world.provider.userId)
      .execute();
    const results = await Promise.all([
      log.append(row(provider, "lost")),
      log.append(row(employer, "kept")),
      log.append(row(provider, "lost")),
    ]);
    expect(results.map(reasonOf)).toEqual(["right-lost", "appended", "right-lost"]);
    await test.db.deleteFrom("session").where("id", "=", world.employer.sessionId).execute();
    expect(reasonOf(await log.append(row(employer, "late")))).toBe("signed-out");
    expect(log.headSeq(plan.number)).toBe(2);
  });
});

describe("what an append is judged by, inside its transaction", () => {
  it("[W3] [B15] 500 revocations race against typing: no row is later than the revocation", async () => {
    const source = await sourceOf(world.provider);
    const role = (transaction: TestDatabase["db"], name: string) =>
      transaction
        .updateTable("membership")
        .set({ role: name })
        .where("user_id", "=", world.provider.userId)
        .execute();
    const outcomes = { appended: 0, refused: 0, leaked: 0, caughtInTheMiddle: 0 };
    for (let race = 0; race < 500; race++) {
      const typing = Array.from({ length: 6 }, async (_, i) => {
        for (let turn = 0; turn < i * 40; turn++) await new Promise((next) => setImmediate(next));
        return log.append(row(source, `race ${race}`));
      });
      for (let turn = 0; turn < (race % 25) * 10; turn++) await new Promise((next) => setImmediate(next));
      // Read under the write lock: the newest row at the very moment of the revocation.
      const revokedAt = await test.db.transaction().execute(async (transaction) => {
        await role(transaction, "commenter");
        const { newest } = await transaction
          .selectFrom("log")
          .select((of) => of.fn.max("id").as("newest"))
          .executeTakeFirstOrThrow();
        return newest;
      });
      const results = await Promise.all(typing);
      const appended = results.flatMap((result) => (result.ok ? [result.value.logId] : []));
      outcomes.appended += appended.length;
      outcomes.refused += results.length - appended.length;
      outcomes.leaked += appended.filter((logId) => logId > Number(revokedAt)).length;
      if (appended.length > 0 && appended.length < results.length) outcomes.caughtInTheMiddle++;
      await role(test.db, "leader");
    }
    console.log(`[B15] 500 races: ${JSON.stringify(outcomes)}`);
    expect(outcomes.leaked).toBe(0);
    expect(outcomes.caughtInTheMiddle).toBeGreaterThan(0);
  });

  it("[D5] a source of an epoch that has ended is refused, also the server's own", async () => {
    const person = await sourceOf(world.provider);
    const server = await log.openSource({ ...serverSource(), epoch: plan.epoch });
    expect(reasonOf(await log.append(row(server, "before")))).toBe("appended");
    await test.db
      .updateTable("document")
      .set({ epoch: "another" })
      .where("number", "=", plan.number)
      .execute();
    const results = await Promise.all([log.append(row(person, "a")), log.append(row(server, "b"))]);
    expect(results.map(reasonOf)).toEqual(["epoch-changed", "epoch-changed"]);
  });

  it("[W3] suspended people, archived documents, ended sessions and strangers' sources", async () => {
    const source = await sourceOf(world.provider);
    const asked = async () => reasonOf(await log.append(row(source, "x")));
    expect(await asked()).toBe("appended");
    await test.db
      .updateTable("user")
      .set({ status: "suspended" })
      .where("id", "=", world.provider.userId)
      .execute();
    expect(await asked()).toBe("right-lost");
    await test.db
      .updateTable("user")
      .set({ status: "active" })
      .where("id", "=", world.provider.userId)
      .execute();
    expect(await asked()).toBe("appended");
    await test.db.updateTable("document").set({ archived_at: 5 }).where("number", "=", plan.number).execute();
    expect(await asked()).toBe("right-lost");
    await test.db
      .updateTable("document")
      .set({ archived_at: null })
      .where("number", "=", plan.number)
      .execute();
    await test.db
      .updateTable("session")
      .set({ expires_at: 1_000 })
      .where("id", "=", world.provider.sessionId)
      .execute();
    expect(await asked()).toBe("signed-out");
    // What the server writes for somebody, a version brought back, ends with their right as well.
    const onBehalf = await log.openSource({
      ...serverSource(),
      userId: world.employer.userId,
      side: "employer",
    });
    const brought = async () => reasonOf(await log.append(row(onBehalf, "x")));
    expect(await brought()).toBe("appended");
    await test.db.updateTable("document").set({ archived_at: 5 }).where("number", "=", plan.number).execute();
    expect(await brought()).toBe("right-lost");
    await test.db
      .updateTable("document")
      .set({ archived_at: null })
      .where("number", "=", plan.number)
      .execute();
    await test.db
      .updateTable("membership")
      .set({ status: "left", left_at: 1 })
      .where("user_id", "=", world.employer.userId)
      .execute();
    expect(await brought()).toBe("right-lost");
    const other = await insertPlanDocument(test.db, world);
    expect(reasonOf(await log.append(row(source, "x", other)))).toBe("gone");
    expect(reasonOf(await log.append(row(9_999, "x")))).toBe("gone");
    const borrowed = await sourceOf({ ...world.provider, sessionId: world.employer.sessionId });
    expect(reasonOf(await log.append(row(borrowed, "x")))).toBe("signed-out");
  });

  it("[D17] a document may hold 5 MB, counted from its newest checkpoint", async () => {
    const source = await sourceOf(world.provider);
    const megabyte = { ...row(source, ""), bytes: new Uint8Array(1024 * 1024) };
    const results = [];
    for (let i = 0; i < 6; i++) results.push(reasonOf(await log.append(megabyte)));
    expect(results).toEqual(["appended", "appended", "appended", "appended", "too-large", "too-large"]);
    const head = await log.rows(plan.number, 5, 5);
    await test.db
      .insertInto("checkpoint")
      .values(
        hashedCheckpoint(
          { documentId: plan.id, schemaNumber: 1 },
          {
            document: plan.number,
            seq: 5,
            epoch: plan.epoch,
            log_id: head[0]?.logId ?? 0,
            state: new Uint8Array(100),
            state_vector: new Uint8Array(1),
            delete_set: new Uint8Array(1),
            pieces: new Uint8Array(0),
            at: 1,
          },
        ),
      )
      .execute();
    expect(reasonOf(await log.append(megabyte))).toBe("appended");
  });

  it("[W10] a row with a client id that is not the sender's own is refused, the rest is kept", async () => {
    const [provider, employer] = [await sourceOf(world.provider), await sourceOf(world.employer)];
    await log.lease(leaseOf(world.provider.userId, [11]));
    await log.lease(leaseOf(world.employer.userId, [22]));
    const results = await Promise.all([
      log.append({ ...row(provider, "own"), clientIds: [11] }),
      log.append({ ...row(provider, "forged"), clientIds: [11, 22] }),
      log.append({ ...row(employer, "unleased"), clientIds: [33] }),
      log.append({ ...row(employer, "own"), clientIds: [22] }),
    ]);
    expect(results.map(reasonOf)).toEqual(["appended", "lease-refused", "lease-refused", "appended"]);
    expect((await log.load(plan.id))?.leases.get(11)).toBe(world.provider.userId);
  });

  it("[D5] in a recovery epoch other people's ranges are taken, and new ids as not verified", async () => {
    const source = await sourceOf(world.provider);
    await log.lease(leaseOf(world.employer.userId, [22]));
    await test.db
      .updateTable("document")
      .set({ recovering_until: 1_001 })
      .where("number", "=", plan.number)
      .execute();
    const results = await Promise.all([
      log.append({ ...row(source, "theirs"), clientIds: [22] }),
      log.append({ ...row(source, "unseen"), clientIds: [44] }),
    ]);
    expect(results.map(reasonOf)).toEqual(["appended", "appended"]);
    const leases = await test.db
      .selectFrom("client_lease")
      .select(["client_id", "user_id", "is_verified"])
      .where("client_id", "in", [22, 44])
      .orderBy("client_id")
      .execute();
    expect(leases).toEqual([
      { client_id: 22, user_id: world.employer.userId, is_verified: 1 },
      { client_id: 44, user_id: world.provider.userId, is_verified: 0 },
    ]);
    // Its real owner comes back later and is not turned away by the copy that came first.
    expect(await log.lease(leaseOf(world.employer.userId, [44]))).toEqual({ refused: [] });
    expect(await log.lease(leaseOf(world.provider.userId, [22]))).toEqual({ refused: [22] });
    const owner = await sourceOf(world.employer);
    expect(reasonOf(await log.append({ ...row(owner, "own"), clientIds: [44] }))).toBe("appended");
    // Over at its very moment: the log's clock in this test stands at 1,000.
    await test.db
      .updateTable("document")
      .set({ recovering_until: 1_000 })
      .where("number", "=", plan.number)
      .execute();
    expect(reasonOf(await log.append({ ...row(source, "theirs"), clientIds: [22] }))).toBe("lease-refused");
    expect(reasonOf(await log.append({ ...row(source, "unseen"), clientIds: [55] }))).toBe("lease-refused");
  });

  it("a server edit's companions are stored with its row or not at all", async () => {
    const source = await log.openSource(serverSource());
    const carry = { toClient: 1, toClock: 0, length: 4, fromClient: 2, fromClock: 0, kind: "restore" };
    const first = await log.append({ ...row(source, "restore"), clientIds: [71] }, { carry: [carry] });
    expect(first).toMatchObject({ ok: true, value: { seq: 2 } });
    // The same carry row again breaks its primary key: a bug, told as a rejection, and no row.
    const again = log.append({ ...row(source, "again") }, { carry: [carry] });
    const beside = log.append(row(source, "beside"));
    await expect(again).rejects.toThrow("UNIQUE constraint failed: attr_carry");
    expect(await beside).toMatchObject({ ok: true, value: { seq: 3 } });
    const lease = await test.db
      .selectFrom("client_lease")
      .select("user_id")
      .where("client_id", "=", 71)
      .execute();
    expect(lease).toEqual([{ user_id: serverUserId }]);
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
          const people = i % 2 === 0 ? [world.provider, world.employer] : [world.employer, world.provider];
          const taken = await Promise.all(people.map(({ userId }) => log.lease(leaseOf(userId, [id]))));
          const winners = taken.filter(({ refused }) => refused.length === 0).length;
          if (winners > 1) both++;
          if (winners === 0) nobody++;
        }),
      );
    }
    const rows = await test.db
      .selectFrom("client_lease")
      .select("client_id")
      .where("client_id", ">=", 1_000)
      .where("client_id", "<", 3_000)
      .execute();
    console.log(`[W10] 2000 races: ${both} won by both, ${nobody} by nobody, ${rows.length} leases stored`);
    expect({ both, nobody, leases: rows.length }).toEqual({ both: 0, nobody: 0, leases: 2_000 });
  });

  it("[W10] are for ever: a reconnecting owner keeps them, nobody else gets them, in this lineage", async () => {
    expect(await log.lease(leaseOf(world.provider.userId, [5, 6]))).toEqual({ refused: [] });
    expect(await log.lease(leaseOf(world.provider.userId, [5, 6, 7]))).toEqual({ refused: [] });
    expect(await log.lease(leaseOf(world.employer.userId, [6, 8]))).toEqual({ refused: [6] });
    const elsewhere = { ...leaseOf(world.employer.userId, [6]), lineage: "another" };
    expect(await log.lease(elsewhere)).toEqual({ refused: [] });
  });
});

describe("closing", () => {
  it("[D11] waits for what was handed over, and answers what comes later as not stored", async () => {
    const source = await sourceOf(world.provider);
    const under = Array.from({ length: 20 }, () => log.append(row(source, "x")));
    await log.close();
    expect((await Promise.all(under)).map(reasonOf)).toEqual(Array(20).fill("appended"));
    expect(reasonOf(await log.append(row(source, "late")))).toBe("storage");
    await expect(log.load(plan.id)).rejects.toThrow("closed");
    await expect(sourceOf(world.provider)).rejects.toThrow("closed");
  });

  it("[D11] cuts a backup short instead of waiting for it", async () => {
    const source = await log.openSource(serverSource());
    for (let i = 0; i < 4; i++) await log.append({ ...row(source, ""), bytes: new Uint8Array(1024 * 1024) });
    const ended: string[] = [];
    const backup = log.backup(`${test.folder}/copy.db`).then(
      () => ended.push("backup done"),
      (error: Error) => ended.push(error.message),
    );
    await log.close().then(() => ended.push("closed"));
    await backup;
    expect(ended.sort()).toEqual(["closed", "the log is closed"]);
  });

  it("[D11] ends also while a crashed writer is starting again, with rows that nobody was told of", async () => {
    const source = await sourceOf(world.provider);
    const under = Array.from({ length: 50 }, (_, i) => log.append(row(source, `row ${i}`)));
    await new Promise((next) => setImmediate(next));
    await log.crashWriter();
    await log.close();
    expect((await Promise.all(under)).length).toBe(50);
  });

  it("[D11] a log that cannot be opened says so", async () => {
    await expect(openUpdateLog({ path: `${test.folder}/none/two-way.db`, now: () => 1 })).rejects.toThrow();
  });
});

describe("when the writer's thread crashes", () => {
  it("[D1] the log goes on without a restart: nothing acknowledged is lost, nothing is left unanswered", async () => {
    const source = await sourceOf(world.provider);
    const told: Appended[] = [];
    log.onAppended((rows) => told.push(...rows));
    const acked: number[] = [];
    const outcomes = { appended: 0, storage: 0 };
    for (let crash = 0; crash < 15; crash++) {
      const under = Array.from({ length: 30 }, (_, i) => log.append(row(source, `crash ${crash} row ${i}`)));
      // A different number of turns of the loop each time: before, within and after a commit.
      for (let turn = 0; turn < crash * 25; turn++) await new Promise((next) => setImmediate(next));
      const crashed = log.crashWriter();
      for (const result of await Promise.all(under)) {
        outcomes[reasonOf(result) as "appended" | "storage"]++;
        if (result.ok) acked.push(result.value.seq);
      }
      await crashed;
      const after = await log.append(row(source, `after crash ${crash}`));
      if (after.ok) acked.push(after.value.seq);
      else outcomes.storage++;
    }
    const head = (await log.load(plan.id))?.headSeq ?? 0;
    const rows = await log.rows(plan.number, 2, head);
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
