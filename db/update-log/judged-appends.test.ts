/** What an append is judged by, inside its transaction. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serverUserId } from "../server-user.ts";
import type { TestDatabase } from "../testing/open-test-database.ts";
import { insertPlanDocument } from "../testing/plan-fixture.ts";
import { PlanLog, reasonOf } from "../testing/plan-log.ts";
import { hashedCheckpoint } from "./checkpoint-hash.ts";

let opened: PlanLog;
beforeEach(async () => {
  opened = await PlanLog.open();
});
afterEach(() => opened.close());

describe("what an append is judged by, inside its transaction", () => {
  it("[W3] [B15] 500 revocations race against typing: no row is later than the revocation", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    const role = (transaction: TestDatabase["db"], name: string) =>
      transaction
        .updateTable("membership")
        .set({ role: name })
        .where("user_id", "=", opened.world.provider.userId)
        .execute();
    const outcomes = { appended: 0, refused: 0, leaked: 0, caughtInTheMiddle: 0 };
    for (let race = 0; race < 500; race++) {
      const typing = Array.from({ length: 6 }, async (_, i) => {
        for (let turn = 0; turn < i * 40; turn++) await new Promise((next) => setImmediate(next));
        return opened.log.append(opened.row(source, `race ${race}`));
      });
      for (let turn = 0; turn < (race % 25) * 10; turn++) await new Promise((next) => setImmediate(next));
      // Read under the write lock: the newest row at the very moment of the revocation.
      const revokedAt = await opened.test.db.transaction().execute(async (transaction) => {
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
      await role(opened.test.db, "leader");
    }
    console.log(`[B15] 500 races: ${JSON.stringify(outcomes)}`);
    expect(outcomes.leaked).toBe(0);
    expect(outcomes.caughtInTheMiddle).toBeGreaterThan(0);
  });

  it("[D5] a source of an epoch that has ended is refused, also the server's own", async () => {
    const person = await opened.sourceOf(opened.world.provider);
    const server = await opened.log.openSource({ ...opened.serverSource(), epoch: opened.plan.epoch });
    expect(reasonOf(await opened.log.append(opened.row(server, "before")))).toBe("appended");
    await opened.test.db
      .updateTable("document")
      .set({ epoch: "another" })
      .where("number", "=", opened.plan.number)
      .execute();
    const results = await Promise.all([
      opened.log.append(opened.row(person, "a")),
      opened.log.append(opened.row(server, "b")),
    ]);
    expect(results.map(reasonOf)).toEqual(["epoch-changed", "epoch-changed"]);
  });

  it("[W3] suspended people, archived documents, ended sessions and strangers' sources", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    const asked = async () => reasonOf(await opened.log.append(opened.row(source, "x")));
    expect(await asked()).toBe("appended");
    await opened.test.db
      .updateTable("user")
      .set({ status: "suspended" })
      .where("id", "=", opened.world.provider.userId)
      .execute();
    expect(await asked()).toBe("right-lost");
    await opened.test.db
      .updateTable("user")
      .set({ status: "active" })
      .where("id", "=", opened.world.provider.userId)
      .execute();
    expect(await asked()).toBe("appended");
    await opened.archive(true);
    expect(await asked()).toBe("right-lost");
    await opened.archive(false);
    await opened.test.db
      .updateTable("session")
      .set({ expires_at: 1_000 })
      .where("id", "=", opened.world.provider.sessionId)
      .execute();
    expect(await asked()).toBe("signed-out");
    // What the server writes for somebody, a version brought back, ends with their right as well.
    const onBehalf = await opened.log.openSource({
      ...opened.serverSource(),
      userId: opened.world.employer.userId,
      side: "employer",
    });
    const brought = async () => reasonOf(await opened.log.append(opened.row(onBehalf, "x")));
    expect(await brought()).toBe("appended");
    await opened.archive(true);
    expect(await brought()).toBe("right-lost");
    await opened.archive(false);
    await opened.test.db
      .updateTable("membership")
      .set({ status: "left", left_at: 1 })
      .where("user_id", "=", opened.world.employer.userId)
      .execute();
    expect(await brought()).toBe("right-lost");
    const other = await insertPlanDocument(opened.test.db, opened.world);
    expect(reasonOf(await opened.log.append(opened.row(source, "x", other)))).toBe("gone");
    expect(reasonOf(await opened.log.append(opened.row(9_999, "x")))).toBe("gone");
    const borrowed = await opened.sourceOf({
      ...opened.world.provider,
      sessionId: opened.world.employer.sessionId,
    });
    expect(reasonOf(await opened.log.append(opened.row(borrowed, "x")))).toBe("signed-out");
  });

  it("[D17] a document may hold 5 MB, counted from its newest checkpoint", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    const megabyte = { ...opened.row(source, ""), bytes: new Uint8Array(1024 * 1024) };
    const results = [];
    for (let i = 0; i < 6; i++) results.push(reasonOf(await opened.log.append(megabyte)));
    expect(results).toEqual(["appended", "appended", "appended", "appended", "too-large", "too-large"]);
    const head = await opened.log.rows(opened.plan.number, 5, 5);
    await opened.test.db
      .insertInto("checkpoint")
      .values(
        hashedCheckpoint(
          { documentId: opened.plan.id, schemaNumber: 1 },
          {
            document: opened.plan.number,
            seq: 5,
            epoch: opened.plan.epoch,
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
    expect(reasonOf(await opened.log.append(megabyte))).toBe("appended");
  });

  it("[W10] a row with a client id that is not the sender's own is refused, the rest is kept", async () => {
    const [provider, employer] = [
      await opened.sourceOf(opened.world.provider),
      await opened.sourceOf(opened.world.employer),
    ];
    await opened.log.lease(opened.leaseOf(opened.world.provider.userId, [11]));
    await opened.log.lease(opened.leaseOf(opened.world.employer.userId, [22]));
    const results = await Promise.all([
      opened.log.append({ ...opened.row(provider, "own"), clientIds: [11] }),
      opened.log.append({ ...opened.row(provider, "forged"), clientIds: [11, 22] }),
      opened.log.append({ ...opened.row(employer, "unleased"), clientIds: [33] }),
      opened.log.append({ ...opened.row(employer, "own"), clientIds: [22] }),
    ]);
    expect(results.map(reasonOf)).toEqual(["appended", "lease-refused", "lease-refused", "appended"]);
    expect((await opened.log.load(opened.plan.id))?.leases.get(11)).toBe(opened.world.provider.userId);
  });

  it("[D5] in a recovery epoch other people's ranges are taken, and new ids as not verified", async () => {
    const source = await opened.sourceOf(opened.world.provider);
    await opened.log.lease(opened.leaseOf(opened.world.employer.userId, [22]));
    await opened.test.db
      .updateTable("document")
      .set({ recovering_until: 1_001 })
      .where("number", "=", opened.plan.number)
      .execute();
    const results = await Promise.all([
      opened.log.append({ ...opened.row(source, "theirs"), clientIds: [22] }),
      opened.log.append({ ...opened.row(source, "unseen"), clientIds: [44] }),
    ]);
    expect(results.map(reasonOf)).toEqual(["appended", "appended"]);
    const leases = await opened.test.db
      .selectFrom("client_lease")
      .select(["client_id", "user_id", "is_verified"])
      .where("client_id", "in", [22, 44])
      .orderBy("client_id")
      .execute();
    expect(leases).toEqual([
      { client_id: 22, user_id: opened.world.employer.userId, is_verified: 1 },
      { client_id: 44, user_id: opened.world.provider.userId, is_verified: 0 },
    ]);
    // Its real owner comes back later and is not turned away by the copy that came first.
    expect(await opened.log.lease(opened.leaseOf(opened.world.employer.userId, [44]))).toEqual({
      refused: [],
    });
    expect(await opened.log.lease(opened.leaseOf(opened.world.provider.userId, [22]))).toEqual({
      refused: [22],
    });
    const owner = await opened.sourceOf(opened.world.employer);
    expect(reasonOf(await opened.log.append({ ...opened.row(owner, "own"), clientIds: [44] }))).toBe(
      "appended",
    );
    // Over at its very moment: the log's clock in this test stands at 1,000.
    await opened.test.db
      .updateTable("document")
      .set({ recovering_until: 1_000 })
      .where("number", "=", opened.plan.number)
      .execute();
    expect(reasonOf(await opened.log.append({ ...opened.row(source, "theirs"), clientIds: [22] }))).toBe(
      "lease-refused",
    );
    expect(reasonOf(await opened.log.append({ ...opened.row(source, "unseen"), clientIds: [55] }))).toBe(
      "lease-refused",
    );
  });

  it("a server edit's companions are stored with its row or not at all", async () => {
    const source = await opened.log.openSource(opened.serverSource());
    const carry = { toClient: 1, toClock: 0, length: 4, fromClient: 2, fromClock: 0, kind: "restore" };
    const first = await opened.log.append(
      { ...opened.row(source, "restore"), clientIds: [71] },
      { carry: [carry] },
    );
    expect(first).toMatchObject({ ok: true, value: { seq: 2 } });
    // The same carry row again breaks its primary key: a bug, told as a rejection, and no row.
    const again = opened.log.append({ ...opened.row(source, "again") }, { carry: [carry] });
    const beside = opened.log.append(opened.row(source, "beside"));
    await expect(again).rejects.toThrow("UNIQUE constraint failed: attr_carry");
    expect(await beside).toMatchObject({ ok: true, value: { seq: 3 } });
    const lease = await opened.test.db
      .selectFrom("client_lease")
      .select("user_id")
      .where("client_id", "=", 71)
      .execute();
    expect(lease).toEqual([{ user_id: serverUserId }]);
  });
});
