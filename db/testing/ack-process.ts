/**
 * A process that appends rows with numbered tokens and writes each token into the file
 * `acks` once it is told that the row is durable. Run under the I/O shim by
 * `update-log/synced.test.ts`. Arguments: mode, database, document number, source id,
 * rows one at a time, rows twenty at a time.
 */
import { openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { openUpdateLog } from "../update-log/sqlite-update-log.ts";

const [mode, path = "", document, source, lone, crowded] = process.argv.slice(2);
const acks = openSync(join(dirname(path), "acks"), "a");
const token = (n: number) => `tok-${String(n).padStart(6, "0")}`;
const ack = (n: number) => writeSync(acks, `${token(n)}\n`);

if (mode === "log") {
  const log = await openUpdateLog({ path, now: () => 1 });
  const append = async (n: number) => {
    const bytes = Buffer.from(token(n));
    const result = await log.append({
      document: Number(document),
      source: Number(source),
      at: 1,
      clientIds: [],
      bytes,
    });
    if (!result.ok) throw new Error(`Row ${n} was refused: ${result.refusal.reason}`);
    ack(n);
  };
  let n = 0;
  for (; n < Number(lone); n++) await append(n);
  const end = n + Number(crowded);
  const typist = async () => {
    while (n < end) await append(n++);
  };
  await Promise.all(Array.from({ length: 20 }, typist));
  await log.close();
} else {
  // Controls: what acknowledging too early looks like. A trace that does not show it would prove nothing.
  const sqlite = new Sqlite(path);
  sqlite.pragma("journal_mode = WAL");
  if (mode === "unsynced") sqlite.pragma("synchronous = OFF");
  const insert = sqlite.prepare(
    "insert into log (source, document, seq, at, client_ids, bytes, hash) values (1, 9, ?, 1, x'', ?, x'')",
  );
  for (let n = 0; n < Number(lone); n++) {
    insert.run(n, Buffer.from(token(n)));
    ack(n);
  }
  sqlite.close();
}
