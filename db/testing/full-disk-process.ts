/**
 * Writes rows while the disk fills up and gets room again, trial after trial, in one
 * process with one log that is never reopened; prints what happened as one line of
 * JSON. Run by `update-log/full-disk.test.ts`, on a small file system of its own
 * (`ballast`: a file that takes the room) or under the I/O shim (`flag`: a file that
 * makes writes fail). Arguments: database, document number, source id, trials, seed,
 * ballast or flag.
 */
import { closeSync, openSync, rmSync, statfsSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { openUpdateLog } from "../update-log/sqlite-update-log.ts";

const [path = "", document, source, trials, seed, how] = process.argv.slice(2);
const folder = dirname(path);
/** Small deterministic generator (mulberry32), so that a seed names a run. */
let state = Number(seed);
function below(limit: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % limit;
}

/** Leaves a random bit of room, so that the disk fills up at a random step of a commit. */
function takeRoom(): void {
  if (how === "flag") {
    writeFileSync(join(folder, "full"), `${below(20)}`);
    return;
  }
  const { bavail, bsize } = statfsSync(folder);
  const ballast = openSync(join(folder, "ballast"), "w");
  writeSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - below(40) * bsize)));
  closeSync(ballast);
}
function makeRoom(): void {
  rmSync(join(folder, how === "flag" ? "full" : "ballast"));
}

const log = await openUpdateLog({ path, now: () => 1 });
const other = new Sqlite(path);
const acked: [seq: number, first: number][] = [];
const found = { refusals: 0, falseAcks: 0, readsWhileFull: 0, recovered: 0, wrongReasons: [] as string[] };
const append = async (): Promise<boolean> => {
  const first = below(256);
  const bytes = Buffer.alloc(3_000, first);
  const result = await log.append({
    document: Number(document),
    source: Number(source),
    at: 1,
    clientIds: [],
    bytes,
  });
  if (result.ok) acked.push([result.value.seq, first]);
  else if (result.refusal.reason === "storage") found.refusals++;
  else found.wrongReasons.push(result.refusal.reason);
  return result.ok;
};
for (let trial = 0; trial < Number(trials); trial++) {
  for (let i = 0; i < 3; i++) await append();
  // An emptied write-ahead log needs new blocks for every row; a used one would offer its own.
  other.pragma("wal_checkpoint(TRUNCATE)");
  takeRoom();
  while (await append());
  // Full now. Lone rows, bursts, reads: no ack may come, and reading goes on.
  for (let i = 0; i < 3; i++) if (await append()) found.falseAcks++;
  for (const isAcked of await Promise.all(Array.from({ length: 5 }, append))) if (isAcked) found.falseAcks++;
  const last = acked.at(-1);
  const read = last && (await log.rows(Number(document), last[0], last[0]));
  if (read?.[0]?.bytes[0] === last?.[1]) found.readsWhileFull++;
  makeRoom();
  if (await append()) found.recovered++;
}
const rows = await log.rows(Number(document), 1, log.headSeq(Number(document)));
const stored = new Map(rows.map((row) => [row.seq, row.bytes[0]]));
const lost = acked.filter(([seq, first]) => stored.get(seq) !== first).length;
const damaged = rows.filter(({ isIntact }) => !isIntact).length;
const unasked = rows.length - 1 - acked.length;
other.close();
await log.close();
console.log(JSON.stringify({ ...found, acked: acked.length, lost, damaged, unasked }));
