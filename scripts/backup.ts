/** `npm run backup -- <file>`: a verified copy of database and pictures, also while the server runs. */
import { parseArgs } from "node:util";
import { backupDatabase } from "../db/maintenance/backup-database.ts";
import { whyNotUsable } from "../db/maintenance/usable-database.ts";
import { command, fail, failIf, wordsOfCommand } from "./command.ts";

const usage = "Name the file to write: npm run backup -- /backups/two-way-2026-05-12.db.";
const { positionals } = wordsOfCommand(() => parseArgs({ allowPositionals: true }), usage);
const [target, ...more] = positionals;
await command(async (place) => {
  if (target === undefined || more.length > 0) return fail(usage);
  failIf(whyNotUsable(place.databasePath, { isOlderFine: true }));
  const outcome = await backupDatabase(place, target, Date.now);
  if (!outcome.ok) return fail(outcome.sentence);
  console.log(
    `Backed up ${outcome.documents} documents (${outcome.pages} pages, ${
      outcome.throughServer ? "by the running server" : "no server was running"
    }) to ${target}, and verified it.`,
  );
  if (outcome.isWhole) return;
  console.error(
    "The record in it is NOT whole, as it is in the database: npm run verify names what is damaged or gone. Keep the earlier backups.",
  );
  process.exitCode = 1;
});
