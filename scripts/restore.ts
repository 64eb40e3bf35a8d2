/** `npm run restore -- <file>`: puts a backup in place of the database. The server must be stopped. */
import { describeFaults, readEnvironment } from "../app/web/env.ts";
import { restoreDatabase } from "../db/maintenance/restore-database.ts";

const [backup] = process.argv.slice(2);
const read = readEnvironment(process.env);
if (!read.ok) fail(describeFaults(read.faults));
if (backup === undefined)
  fail("Name the backup to bring back: npm run restore -- /backups/two-way-2026-05-12.db");

const outcome = await restoreDatabase(read.environment, backup, Date.now);
if (!outcome.ok) fail(outcome.sentence);
console.log(`Restored ${outcome.documents} documents from ${backup}.`);
if (outcome.movedTo !== null) console.log(`What was there before is kept at ${outcome.movedTo}.`);
if (outcome.damaged > 0)
  console.log(
    `${outcome.damaged} documents have damaged rows in their history; run npm run verify for the list.`,
  );
console.log("Text that browsers still hold from later comes back when they connect.");

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
