/**
 * Puts documents and signed-in people into an empty data folder for our server, and
 * prints them as JSON. A process of its own: the product's Yjs and the peers' Yjs
 * must not meet in one.
 */
import { join } from "node:path";
import { seedUpdate } from "../app/document/seed.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";
import { insertPlanDocument, insertPlanWorld } from "../db/testing/plan-fixture.ts";
import { insertSignedInEditors } from "../db/testing/signed-in-editors.ts";

const [folder = "", documentCount = "", peopleCount = "", wordCount = ""] = process.argv.slice(2);
const db = openDatabase(join(folder, "two-way.db"));
await migrate(db);
const plan = await insertPlanWorld(db);
const documents: { id: string; epoch: string }[] = [];
// With a number of words: a plan that an editor opens. Without: the plain text of light clients.
const seed = wordCount === "" ? undefined : (_: string, clientId: number) => seedUpdate(longPlan(), clientId);
for (let i = 0; i < Number(documentCount); i += 1) {
  const { id, epoch } = await insertPlanDocument(db, plan, "", seed);
  documents.push({ id, epoch });
}
const cookies = await insertSignedInEditors(db, plan, Number(peopleCount));
await db.destroy();
process.stdout.write(JSON.stringify({ documents, cookies }));

/** A heading and five paragraphs of 80 words, over and over. */
function longPlan() {
  const content: object[] = [];
  const paragraph = "learners measure record and explain ".repeat(16).trim();
  for (let words = 0; words < Number(wordCount); words += 80) {
    if (content.length % 6 === 0)
      content.push({ type: "heading", attrs: { level: 2 }, content: [{ type: "text", text: "Unit" }] });
    content.push({ type: "paragraph", content: [{ type: "text", text: paragraph }] });
  }
  content.push({ type: "paragraph", content: [{ type: "text", text: "The end." }] });
  return { type: "doc", content };
}
