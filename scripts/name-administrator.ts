/**
 * `npm run admin -- <e-mail> "<name>"`: names an administrator of this instance and
 * prints the link with which they choose a password. May run beside the server.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { sentenceOf } from "../app/domain/refusals.ts";
import { nameAdministrator } from "../app/operations/name-administrator.ts";
import { makeFolder } from "../db/data-place.ts";
import { whyNotUsable } from "../db/maintenance/usable-database.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";
import { command, fail, failIf } from "./command.ts";

const [email = "", ...name] = process.argv.slice(2);
await command(async ({ databasePath, publicUrl, port }) => {
  if (email === "") return fail('Say who: npm run admin -- name@college.ac.uk "Full name"');
  failIf(makeFolder("DATABASE_URL", dirname(databasePath)));
  if (existsSync(databasePath)) failIf(whyNotUsable(databasePath, { isOlderFine: true }));
  const db = openDatabase(databasePath);
  await migrate(db);
  const named = await nameAdministrator(
    { db, now: Date.now, newId: randomUUID, newToken: () => randomBytes(32).toString("base64url") },
    { email, name: name.join(" ") },
  );
  await db.destroy();
  if (!named.ok) return fail(sentenceOf(named.refusal));
  console.log(
    `${named.value.isNew ? "Added" : "Named"} as administrator. To choose a password, open within one hour:`,
  );
  console.log(`${publicUrl ?? `http://localhost:${port}`}/reset#${named.value.token}`);
});
