/**
 * Puts documents and signed-in people into an empty data folder for our server, and
 * prints them as JSON. A process of its own: the product's Yjs and the peers' Yjs
 * must not meet in one.
 */
import { join } from "node:path";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";
import { insertPlanDocument, insertPlanWorld } from "../db/testing/plan-fixture.ts";
import { insertSignedInEditors } from "../db/testing/signed-in-editors.ts";

const [folder = "", documentCount = "", peopleCount = ""] = process.argv.slice(2);
const db = openDatabase(join(folder, "two-way.db"));
await migrate(db);
const plan = await insertPlanWorld(db);
const documents: { id: string; epoch: string }[] = [];
for (let i = 0; i < Number(documentCount); i += 1) {
  const { id, epoch } = await insertPlanDocument(db, plan, "");
  documents.push({ id, epoch });
}
const cookies = await insertSignedInEditors(db, plan, Number(peopleCount));
await db.destroy();
process.stdout.write(JSON.stringify({ documents, cookies }));
