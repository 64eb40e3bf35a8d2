/**
 * `npm run purge -- --document <id> --by <e-mail>`: destroys for good what a document
 * once said and no longer says. The server must be stopped; backups keep their copies.
 */
import { parseArgs } from "node:util";
import { purgeDocument } from "../db/maintenance/purge-document.ts";
import { whyNotUsable } from "../db/maintenance/usable-database.ts";
import { command, fail, failIf, wordsOfCommand } from "./command.ts";

const usage =
  "Name the document and who orders it: npm run purge -- --document <id> --by <e-mail of a user>.";
const { values } = wordsOfCommand(
  () => parseArgs({ options: { document: { type: "string" }, by: { type: "string" } } }),
  usage,
);
await command(async (place) => {
  const { document, by } = values;
  if (document === undefined || by === undefined) return fail(usage);
  failIf(whyNotUsable(place.databasePath, { isOlderFine: true }));
  const outcome = await purgeDocument(place, { documentId: document, by, at: Date.now() });
  if (!outcome.ok) return fail(outcome.sentence);
  console.log(
    `Purged rows 1 to ${outcome.rows} of ${document}. Its present text goes on as row ${outcome.seq}. Backups made before still hold the old text: let them expire.`,
  );
});
