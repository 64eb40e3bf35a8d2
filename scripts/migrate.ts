/**
 * `npm run migrate`: brings the database to the newest schema without starting the
 * server, for operators who want to see it done first. Starting does the same.
 */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../db/data-place.ts";
import { whyNotUsable } from "../db/maintenance/usable-database.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";
import { command, failIf } from "./command.ts";

await command(async ({ databasePath }) => {
  failIf(makeFolder("DATABASE_URL", dirname(databasePath)));
  // A new one is made; of one that is there it must be known whose it is.
  if (existsSync(databasePath)) failIf(whyNotUsable(databasePath, { isOlderFine: true }));
  const db = openDatabase(databasePath);
  const applied = await migrate(db);
  await db.destroy();
  console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
});
