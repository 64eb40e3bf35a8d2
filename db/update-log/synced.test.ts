/**
 * Acknowledged means on disk. kill -9 cannot prove that (M11) and a pragma read back
 * cannot either (M10), so every write and sync of a real process is recorded in order.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildIoShim } from "../testing/io-shim.ts";
import { openTestDatabase, type TestDatabase } from "../testing/open-test-database.ts";
import { insertPlanDocument, insertPlanWorld } from "../testing/plan-fixture.ts";
import { openUpdateLog } from "./sqlite-update-log.ts";

let test: TestDatabase;
let shim: ReturnType<typeof buildIoShim>;
beforeEach(async () => {
  test = await openTestDatabase();
  shim = buildIoShim(test.folder);
});
afterEach(() => test.close());

interface Count {
  readonly acks: number;
  readonly tooEarly: number;
  readonly writes: number;
  readonly syncs: number;
}

function count(trace: string): Count {
  let written = -1;
  let synced = -1;
  const found = { acks: 0, tooEarly: 0, writes: 0, syncs: 0 };
  for (const line of trace.split("\n")) {
    const [kind, name, token] = line.split(" ");
    if (name === "acks") {
      found.acks++;
      if (Number(token) > synced) found.tooEarly++;
    } else if (name === "two-way.db-wal" && kind === "W") {
      found.writes++;
      written = Math.max(written, Number(token));
    } else if (name === "two-way.db-wal" && kind === "S") {
      found.syncs++;
      synced = written;
    }
  }
  return found;
}

async function traced(mode: string, lone: number, crowded: number): Promise<Count> {
  const world = await insertPlanWorld(test.db);
  const plan = await insertPlanDocument(test.db, world);
  const log = await openUpdateLog({ path: test.path, now: () => 1 });
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
  await log.close();
  const trace = join(test.folder, "trace");
  rmSync(join(test.folder, "acks"), { force: true });
  const child = join(import.meta.dirname, "..", "testing", "ack-process.ts");
  execFileSync(
    process.execPath,
    [child, mode, test.path, `${plan.number}`, `${source}`, `${lone}`, `${crowded}`],
    { env: { ...process.env, ...shim, IO_TRACE: trace }, stdio: ["ignore", "inherit", "inherit"] },
  );
  if (!existsSync(trace)) throw new Error("Syncs cannot be counted here: LD_PRELOAD has no effect on Node.");
  return count(readFileSync(trace, "utf8"));
}

describe("the durable acknowledgement", () => {
  it("[D12] 10,000 acks, each preceded by a sync that came after its row was written", async () => {
    const [lone, crowded] = [2_000, 8_000];
    const found = await traced("log", lone, crowded);
    console.log(
      `[D12] ${found.acks} acks, ${found.tooEarly} too early; ${found.syncs} syncs, ${found.writes} writes`,
    );
    expect(found.acks).toBe(lone + crowded);
    expect(found.tooEarly).toBe(0);
    // One sync for each lone row, and far fewer than rows when twenty type at once.
    expect(found.syncs).toBeGreaterThanOrEqual(lone);
    expect(found.syncs).toBeLessThan(lone + crowded / 4);
  });

  it("[D12] the count sees a writer that does not sync, and one left at SQLite's defaults (M10)", async () => {
    const unsynced = await traced("unsynced", 200, 0);
    expect(unsynced).toMatchObject({ acks: 200, tooEarly: 200, syncs: 0 });
    rmSync(join(test.folder, "trace"));
    const byDefault = await traced("defaults", 200, 0);
    expect(byDefault.acks).toBe(200);
    expect(byDefault.tooEarly).toBeGreaterThan(150);
    console.log(
      `[D12] controls: ${unsynced.tooEarly} and ${byDefault.tooEarly} of 200 acks too early, as they must be`,
    );
  });
});
