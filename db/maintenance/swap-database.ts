/**
 * Puts one database in the place of another so that a power cut between any two steps
 * leaves a whole one under the live name: the old one gets a second name first, and then a
 * single rename brings the new one in. What stands beside the old one (its write-ahead log)
 * is gone from the live name before that: SQLite would read it into the new one.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { syncPath } from "../synced-files.ts";

/** Told before each step, with what it does: tests stop there. */
export type BeforeStep = (step: string) => void;

/** What may stand beside a database and belongs to it alone. */
const companions = ["-wal", "-shm", "-journal"] as const;

/** Where a database waits, beside the live one, until it is brought in. */
export function incomingPath(databasePath: string): string {
  return `${databasePath}.incoming`;
}

/** The databases that stood here before a restore; what belongs to one stands beside it. */
export function replacedDatabases(databasePath: string): readonly string[] {
  const folder = dirname(databasePath);
  const start = `${basename(databasePath)}.before-restore-`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(start) && !companions.some((end) => name.endsWith(end)))
    .sort()
    .map((name) => join(folder, name));
}

/** Removes a database and all that belongs to it. */
export function removeDatabase(path: string): void {
  for (const end of ["", ...companions]) rmSync(`${path}${end}`, { force: true });
}

/**
 * Tidies up what a restore left behind that was cut off: the copy it had not brought in,
 * and second names of the database that is still live. Two names of one database would
 * have two write-ahead logs; the one that was taken from the live name comes back there.
 * For whoever is alone with the database.
 */
export function forgetUnfinishedRestore(databasePath: string): void {
  removeDatabase(incomingPath(databasePath));
  if (!existsSync(databasePath)) return;
  const { ino, dev } = statSync(databasePath);
  for (const path of replacedDatabases(databasePath)) {
    const other = statSync(path);
    const isLive = other.ino === ino && other.dev === dev;
    if (isLive)
      for (const end of companions)
        if (existsSync(`${path}${end}`) && !existsSync(`${databasePath}${end}`))
          renameSync(`${path}${end}`, `${databasePath}${end}`);
    if (isLive || path.endsWith(".copying")) removeDatabase(path);
  }
}

/**
 * Renames the incoming database to the live name; what was there is kept at `keepAt` where
 * that is not null. The incoming one must be closed and have nothing beside it.
 */
export function swapDatabase(
  databasePath: string,
  keepAt: string | null,
  beforeStep: BeforeStep = () => {},
): void {
  const folder = dirname(databasePath);
  const incoming = incomingPath(databasePath);
  beforeStep("sync the incoming database");
  syncPath(incoming);
  if (keepAt !== null) {
    const beside = companions.filter((end) => existsSync(`${databasePath}${end}`));
    for (const end of ["", ...beside]) {
      beforeStep(`give a second name to the old database${end}`);
      keepAlso(`${databasePath}${end}`, `${keepAt}${end}`);
    }
    beforeStep("sync the second names");
    syncPath(folder);
    for (const end of beside) {
      beforeStep(`take away the old database${end}`);
      rmSync(`${databasePath}${end}`);
    }
  } else {
    for (const end of companions) rmSync(`${databasePath}${end}`, { force: true });
  }
  beforeStep("sync what was taken away");
  syncPath(folder);
  beforeStep("bring the new database in");
  renameSync(incoming, databasePath);
  beforeStep("sync the live name");
  syncPath(folder);
}

/** A second name where the file system has such, else a copy that has the name once it is whole. */
function keepAlso(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code)) throw error;
    const copying = `${to}.copying`;
    copyFileSync(from, copying, constants.COPYFILE_FICLONE);
    syncPath(copying);
    renameSync(copying, to);
  }
}
