/**
 * Can a command of the console use this database? What is in the way is said in a sentence
 * that names what to do, before anything is changed: not there, not to be opened, nobody
 * knows whose, or of another release than this program.
 */
import { existsSync, statSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { databaseFault } from "../data-place.ts";
import { schemaAge } from "../migrate.ts";

/** `isOlderFine`: the command reads every released schema, or migrates by itself. */
export function whyNotUsable(databasePath: string, { isOlderFine }: { isOlderFine: boolean }): string | null {
  if (!existsSync(databasePath)) return `There is no database at ${databasePath}.`;
  if (!statSync(databasePath).isFile())
    return `${databasePath} is not a file. Name the database with DATA_DIR or DATABASE_URL.`;
  try {
    return schemaFault(databasePath, `The database ${databasePath}`, { isOlderFine });
  } catch (error) {
    const sentence = databaseFault(error, databasePath);
    if (sentence === null) throw error;
    return sentence;
  }
}

/** The same of the schema alone; `subject` begins the sentence. Throws what SQLite throws. */
export function schemaFault(
  path: string,
  subject: string,
  { isOlderFine }: { isOlderFine: boolean },
): string | null {
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    const age = schemaAge(sqlite);
    return age === "older" && isOlderFine ? null : ages[age](subject);
  } finally {
    sqlite.close();
  }
}

const ages: Readonly<Record<ReturnType<typeof schemaAge>, (subject: string) => string | null>> = {
  present: () => null,
  older: (subject) =>
    `${subject} is of an older release and has not been migrated. Make a backup, run npm run migrate, then this command again.`,
  newer: (subject) => `${subject} was used by a newer release. Run this command of that release.`,
  foreign: (subject) => `${subject} holds nothing of Two-Way. Check DATA_DIR and DATABASE_URL.`,
};
