/**
 * Eight typists on the documents of a database, in a process that a test may kill at
 * any instant. Prints the token of each row once the log says that it is durable.
 * Arguments: database, comma-separated pairs of document number and source id, name
 * of this run.
 */
import { openUpdateLog } from "../update-log/sqlite-update-log.ts";

const [path = "", pairs = "", run = ""] = process.argv.slice(2);
const sources = pairs.split(",").map((pair) => pair.split(":").map(Number));
const log = await openUpdateLog({ path, now: () => 1 });
process.stdout.write("ready {}\n");

async function type(typist: number): Promise<never> {
  for (let n = 0; ; n++) {
    const [document = 0, source = 0] = sources[(typist + n) % sources.length] ?? [];
    const token = `${run}-${typist}-${n};`;
    const result = await log.append({ document, source, at: 1, clientIds: [], bytes: Buffer.from(token) });
    if (!result.ok) throw new Error(`Refused: ${result.refusal.reason}`);
    // Pipes are written at once on Linux, and waited for when full.
    process.stdout.write(`${token}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, (_, typist) => type(typist)));
