/**
 * `npm run restore -- <file>`: puts a backup in place of the database; the server must be
 * stopped. `npm run restore -- --finish`: from now on, and not only when the recovery ends
 * by itself, nothing is taken any more that its sender cannot prove to be theirs; the server
 * may run.
 */
import { parseArgs } from "node:util";
import { formatDateTime } from "../app/domain/dates.ts";
import { makeFolder } from "../db/data-place.ts";
import type { Place } from "../db/maintenance/backup-database.ts";
import { endRecovery } from "../db/maintenance/end-recovery.ts";
import { restoreDatabase } from "../db/maintenance/restore-database.ts";
import { whyNotUsable } from "../db/maintenance/usable-database.ts";
import { command, fail, failIf, wordsOfCommand } from "./command.ts";

const usage = "Name the backup to bring back: npm run restore -- /backups/two-way-2026-05-12.db.";
const { values, positionals } = wordsOfCommand(
  () => parseArgs({ options: { finish: { type: "boolean" } }, allowPositionals: true }),
  usage,
);
const [backup] = positionals;
await command(async (place) => {
  if (values.finish) return finish(place.databasePath);
  if (backup === undefined) return fail(usage);
  failIf(makeFolder("DATA_DIR", place.dataFolder));
  return restore(place, backup);
});

async function finish(databasePath: string): Promise<void> {
  failIf(whyNotUsable(databasePath, { isOlderFine: false }));
  const documents = await endRecovery(databasePath, Date.now());
  console.log(
    documents === 0 ? "No document was recovering." : `The recovery of ${documents} documents has ended.`,
  );
}

async function restore(place: Place, backup: string): Promise<void> {
  const outcome = await restoreDatabase(place, backup, Date.now);
  if (!outcome.ok) return fail(outcome.sentence);
  console.log(`Restored ${outcome.documents} documents from ${backup}.`);
  const { sessions, resetLinks, invitations } = outcome.ended;
  console.log(
    `Everybody signs in again: ${sessions} sessions, ${resetLinks} reset links and ${invitations} open invitations of the backup have ended.`,
  );
  console.log("Memberships, roles and passwords are those of the backup: look through them.");
  if (outcome.movedTo !== null) console.log(`What was there before is kept at ${outcome.movedTo}.`);
  if (outcome.damaged > 0)
    console.log(
      `${outcome.damaged} documents have damaged rows in their history; run npm run verify for the list.`,
    );
  console.log(
    `Text that browsers still hold from later comes back when they open their documents, until ${formatDateTime(outcome.recoveringUntil)}.`,
  );
  console.log("When everybody has been back sooner: npm run restore -- --finish");
}
