/** `npm run backup -- <file>`: a verified copy of database and pictures, also while the server runs. */
import { backupDatabase } from "../db/maintenance/backup-database.ts";
import { whyNotUsable } from "../db/maintenance/usable-database.ts";
import { command, fail, failIf } from "./command.ts";

const [target] = process.argv.slice(2);
await command(async (place) => {
  if (target === undefined)
    return fail("Name the file to write: npm run backup -- /backups/two-way-2026-05-12.db");
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
