/**
 * `npm run admin -- <e-mail> "<name>"`: names an administrator of this instance and
 * prints the link with which they choose a password. May run beside the server.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { sentenceOf } from "../app/domain/refusals.ts";
import { nameAdministrator } from "../app/operations/name-administrator.ts";
import { describeFaults, readEnvironment } from "../app/web/env.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";

const read = readEnvironment(process.env);
if (!read.ok) {
  console.error(describeFaults(read.faults));
  process.exit(1);
}
const [email = "", ...name] = process.argv.slice(2);
if (email === "") {
  console.error('Say who: npm run admin -- name@college.ac.uk "Full name"');
  process.exit(1);
}
const { databasePath, publicUrl, port } = read.environment;
mkdirSync(dirname(databasePath), { recursive: true, mode: 0o700 });
const db = openDatabase(databasePath);
await migrate(db);
const named = await nameAdministrator(
  { db, now: Date.now, newId: randomUUID, newToken: () => randomBytes(32).toString("base64url") },
  { email, name: name.join(" ") },
);
await db.destroy();
if (!named.ok) {
  console.error(sentenceOf(named.refusal));
  process.exit(1);
}
console.log(
  `${named.value.isNew ? "Added" : "Named"} as administrator. To choose a password, open within one hour:`,
);
console.log(`${publicUrl ?? `http://localhost:${port}`}/reset#${named.value.token}`);
