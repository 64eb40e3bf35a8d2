/** `npm run backup -- <file>`: a verified copy of database and pictures, also while the server runs. */
import { describeFaults, readEnvironment } from "../app/web/env.ts";
import { backupDatabase } from "../db/maintenance/backup-database.ts";

const [target] = process.argv.slice(2);
const read = readEnvironment(process.env);
if (!read.ok) fail(describeFaults(read.faults));
if (target === undefined) fail("Name the file to write: npm run backup -- /backups/two-way-2026-05-12.db");

const outcome = await backupDatabase(read.environment, target, Date.now);
if (!outcome.ok) fail(outcome.sentence);
console.log(
  `Backed up ${outcome.documents} documents (${outcome.pages} pages, ${
    outcome.throughServer ? "by the running server" : "no server was running"
  }) to ${target}, and verified it.`,
);

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
