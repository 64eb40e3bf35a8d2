/**
 * Bytes physically written per keystroke, and how long an acknowledgement takes, for
 * the update log alone: a lone typist, 20 busy documents as fast as they are answered,
 * and 20 documents with five people each at human speed. Goals: performance guide §6.
 * `node bench/log-bytes.ts [folder]`: the folder must be on a real disk; bytes are those
 * the kernel counts for this process (/proc/self/io, whole pages).
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as Y from "yjs";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";
import { insertPlanDocument, insertPlanWorld, type PlanDocument } from "../db/testing/plan-fixture.ts";
import { openUpdateLog, type SqliteUpdateLog } from "../db/update-log/sqlite-update-log.ts";

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "two-way-bench-"));
const path = join(folder, "two-way.db");
const db = openDatabase(path);
await migrate(db);
const world = await insertPlanWorld(db);
const plans: PlanDocument[] = [];
for (let i = 0; i < 20; i++) plans.push(await insertPlanDocument(db, world));
await db.destroy();

/** Keystroke updates as an editor makes them: one letter each, about 20 bytes. */
function keystrokes(count: number): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < count; i++) doc.getText("default").insert(i, "a");
  return updates;
}

function bytesWritten(): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}

async function openSources(log: SqliteUpdateLog, count: number): Promise<Map<PlanDocument, number[]>> {
  const sources = new Map<PlanDocument, number[]>();
  for (const plan of plans)
    sources.set(
      plan,
      await Promise.all(
        Array.from({ length: count }, () =>
          log.openSource({
            document: plan.number,
            epoch: plan.epoch,
            lineage: plan.lineage,
            schemaNumber: 1,
            actorKind: "user",
            userId: world.provider.userId,
            side: "provider",
            sessionId: world.provider.sessionId,
          }),
        ),
      ),
    );
  return sources;
}

async function measured(
  title: string,
  goal: string,
  work: (
    log: SqliteUpdateLog,
    type: (plan: PlanDocument, source: number, bytes: Uint8Array) => Promise<void>,
  ) => Promise<void>,
): Promise<void> {
  const log = await openUpdateLog({ path, now: Date.now });
  const waits: number[] = [];
  const type = async (plan: PlanDocument, source: number, bytes: Uint8Array) => {
    const from = performance.now();
    const result = await log.append({ document: plan.number, source, at: Date.now(), clientIds: [], bytes });
    if (!result.ok) throw new Error(`Refused: ${result.refusal.reason}`);
    waits.push(performance.now() - from);
  };
  const [writtenBefore, cpuBefore, from] = [bytesWritten(), process.cpuUsage(), performance.now()];
  await work(log, type);
  const seconds = (performance.now() - from) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const perKeystroke = (bytesWritten() - writtenBefore) / waits.length;
  await log.close();
  waits.sort((a, b) => a - b);
  const at = (share: number) => (waits[Math.floor(share * (waits.length - 1))] ?? 0).toFixed(2);
  console.log(
    `${title}: ${(perKeystroke / 1000).toFixed(2)} kB a keystroke (goal ${goal}); ack p50 ${at(0.5)} p95 ${at(0.95)} ms; ` +
      `${Math.round(waits.length / seconds)} keystrokes/s; CPU ${((cpu.user + cpu.system) / waits.length).toFixed(0)} us each`,
  );
}

try {
  const [first] = plans;
  if (first === undefined) throw new Error("No document to type in");
  await measured("lone typist, key after key", "≤ 9 kB", async (log, type) => {
    const source = (await openSources(log, 1)).get(first)?.[0] ?? 0;
    for (const bytes of keystrokes(3_000)) await type(first, source, bytes);
  });
  await measured("20 busy documents, key after key", "≤ 0.6 kB", async (log, type) => {
    const sources = await openSources(log, 1);
    await Promise.all(
      [...sources].map(async ([plan, [source = 0]]) => {
        for (const bytes of keystrokes(500)) await type(plan, source, bytes);
      }),
    );
  });
  await measured("20 documents, 100 people at 5 keys/s", "none", async (log, type) => {
    const sources = await openSources(log, 5);
    await Promise.all(
      [...sources].flatMap(([plan, own]) =>
        own.map(async (source) => {
          const started: Promise<void>[] = [];
          for (const bytes of keystrokes(40)) {
            await new Promise((next) => setTimeout(next, 150 + Math.random() * 100));
            started.push(type(plan, source, bytes));
          }
          await Promise.all(started);
        }),
      ),
    );
  });
  await measured("one document, 50 appends always under way", "none", async (log, type) => {
    const source = (await openSources(log, 1)).get(first)?.[0] ?? 0;
    const waiting = keystrokes(20_000);
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        for (let bytes = waiting.pop(); bytes !== undefined; bytes = waiting.pop())
          await type(first, source, bytes);
      }),
    );
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
