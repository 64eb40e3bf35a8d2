/**
 * `npm run purge -- --document <id> --by <e-mail>`: destroys for good what a document
 * once said and no longer says. The server must be stopped; backups keep their copies.
 */
import { parseArgs } from "node:util";
import { describeFaults, readEnvironment } from "../app/web/env.ts";
import { purgeDocument } from "../db/maintenance/purge-document.ts";

const { values } = parseArgs({ options: { document: { type: "string" }, by: { type: "string" } } });
const read = readEnvironment(process.env);
if (!read.ok) fail(describeFaults(read.faults));
if (values.document === undefined || values.by === undefined)
  fail("Name the document and who orders it: npm run purge -- --document <id> --by <e-mail of a user>");

const outcome = await purgeDocument(read.environment, {
  documentId: values.document,
  by: values.by,
  at: Date.now(),
});
if (!outcome.ok) fail(outcome.sentence);
console.log(
  `Purged rows 1 to ${outcome.rows} of ${values.document}. Its present text goes on as row ${outcome.seq}. Backups made before still hold the old text: let them expire.`,
);

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
