/**
 * `npm run migrate`: brings the database to the newest schema without starting the
 * server, for operators who want to see it done first. Starting does the same.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { describeFaults, readEnvironment } from "../app/web/env.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";

const read = readEnvironment(process.env);
if (!read.ok) {
  console.error(describeFaults(read.faults));
  process.exit(1);
}
const { databasePath } = read.environment;
mkdirSync(dirname(databasePath), { recursive: true, mode: 0o700 });
const db = openDatabase(databasePath);
const applied = await migrate(db);
await db.destroy();
console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
