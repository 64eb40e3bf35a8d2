import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { noAnchors } from "../maintenance/anchors.ts";
import { verifyDatabase } from "../maintenance/verify-database.ts";
import { openTestDatabase } from "../testing/open-test-database.ts";
import { insertPlanDocument, insertPlanWorld } from "../testing/plan-fixture.ts";
import { startWriterProcess } from "../testing/writer-process.ts";
import { openUpdateLog } from "./sqlite-update-log.ts";

/** 50 kills always, 500 at SCALE 1. */
const kills = Math.max(50, Math.round(500 * Math.min(1, Number(process.env["SCALE"] ?? 0))));

it(`[B1] ${kills} kills -9 of a process with eight typists: every acknowledged row is there once, the chain is whole`, async () => {
  const seed = 20150512;
  let state = seed;
  const below = (limit: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * limit);
  };
  const test = await openTestDatabase();
  const world = await insertPlanWorld(test.db);
  const log = await openUpdateLog({ path: test.path, now: () => 1 });
  const pairs: string[] = [];
  for (let i = 0; i < 3; i++) {
    const plan = await insertPlanDocument(test.db, world);
    const source = await log.openSource({
      document: plan.number,
      epoch: plan.epoch,
      lineage: plan.lineage,
      schemaNumber: 1,
      actorKind: "user",
      userId: world.provider.userId,
      side: "provider",
      sessionId: world.provider.sessionId,
    });
    pairs.push(`${plan.number}:${source}`);
  }
  await log.close();
  await test.db.destroy();

  const acked: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const child = await startWriterProcess({
      module: join(import.meta.dirname, "..", "testing", "typing-process.ts"),
      options: [test.path, pairs.join(","), `run${kill}`],
    });
    // A random instant, counted in acknowledgements: also before the first one.
    let left = below(60);
    await new Promise<void>((resolve, reject) => {
      child.ended.then((code) => reject(new Error(`The typists ended by themselves, with ${code}`)));
      if (left === 0) resolve();
      child.onLine((token) => {
        acked.push(token);
        if (--left === 0) resolve();
      });
    });
    await child.kill();
  }

  const sqlite = new Sqlite(test.path);
  expect(sqlite.pragma("integrity_check", { simple: true })).toBe("ok");
  const stored = new Map<string, number>();
  for (const bytes of sqlite
    .prepare("select bytes from log where seq > 1")
    .pluck()
    .iterate() as Iterable<Buffer>)
    stored.set(bytes.toString(), (stored.get(bytes.toString()) ?? 0) + 1);
  sqlite.close();
  const lost = acked.filter((token) => !stored.has(token)).length;
  const doubled = [...stored.values()].filter((times) => times > 1).length;
  console.log(
    `[B1] ${kills} kills, seed ${seed}: ${acked.length} acked, ${lost} lost, ${doubled} doubled, ${stored.size - acked.length} durable but not yet acknowledged`,
  );
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  expect(acked.length).toBeGreaterThan(kills);
  expect(await verifyDatabase(test.path, noAnchors)).toMatchObject({ isWhole: true });
  await test.close();
});
