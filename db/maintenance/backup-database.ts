/**
 * A backup: the database and, beside it, the folder of pictures. While a server runs,
 * its writer makes the copy (ADR 0010); else this process does. The copy is verified
 * before it takes the name it was asked under, and its heads become an anchor.
 */
import { cpSync, existsSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import Sqlite from "better-sqlite3";
import { backupPages } from "../update-log/backup-pages.ts";
import { askServer } from "./admin-socket.ts";
import { type Anchors, appendAnchor, readAnchors } from "./anchors.ts";
import { schemaFault } from "./usable-database.ts";
import { type DatabaseVerdict, verifyDatabase } from "./verify-database.ts";

export interface Place {
  readonly dataFolder: string;
  readonly databasePath: string;
}

export type BackupOutcome =
  | {
      readonly ok: true;
      readonly pages: number;
      readonly documents: number;
      readonly throughServer: boolean;
      /** Is the record in it whole? A damaged one is kept as well: it may be all there is. */
      readonly isWhole: boolean;
    }
  | { readonly ok: false; readonly sentence: string };

/** Folder of pictures below the data folder. */
export function filesFolder(dataFolder: string): string {
  return join(dataFolder, "files");
}

/** Folder of pictures that belongs to a backup file. */
export function filesBeside(backup: string): string {
  return `${backup}.files`;
}

/** Makes a backup in the new file `to`. Nothing is left behind where it fails. */
export async function backupDatabase(place: Place, to: string, now: () => number): Promise<BackupOutcome> {
  const target = resolve(to);
  if (!existsSync(place.databasePath))
    return { ok: false, sentence: `There is no database at ${place.databasePath}.` };
  if (!existsSync(dirname(target)))
    return { ok: false, sentence: `The folder ${dirname(target)} does not exist. Make it first.` };
  if (existsSync(target) || existsSync(filesBeside(target)))
    return { ok: false, sentence: `${target} exists already. A backup never overwrites another one.` };

  const partial = `${target}.partial`;
  clear(partial);
  // Before the copy: whoever verifies meanwhile anchors rows that it does not hold yet.
  const anchors = readAnchors(place.dataFolder);
  try {
    const copied = await copyPages(place, partial);
    if (!copied.ok) return copied;
    // Pictures never change once stored; copied after the rows that name them, none is missing.
    if (existsSync(filesFolder(place.dataFolder)))
      cpSync(filesFolder(place.dataFolder), filesBeside(partial), { recursive: true });
    const fault = await faultOf(partial, anchors);
    if (typeof fault === "string") return { ok: false, sentence: fault };
    await rename(partial, target);
    if (existsSync(filesBeside(partial))) await rename(filesBeside(partial), filesBeside(target));
    appendAnchor(place.dataFolder, { at: now(), kind: "backup", ...fault.anchored });
    return { ok: true, ...copied.value, documents: fault.documents.length, isWhole: fault.isWhole };
  } finally {
    clear(partial);
  }
}

async function copyPages(
  place: Place,
  partial: string,
): Promise<{ ok: true; value: { pages: number; throughServer: boolean } } | { ok: false; sentence: string }> {
  const answer = await askServer(place.dataFolder, { do: "backup", to: partial });
  if (answer !== null) {
    return answer.ok
      ? { ok: true, value: { pages: answer.pages ?? 0, throughServer: true } }
      : { ok: false, sentence: `The running server could not make the copy: ${answer.message}` };
  }
  const sqlite = new Sqlite(place.databasePath, { fileMustExist: true });
  try {
    const { pages } = await backupPages(sqlite, partial, { pace: false });
    return { ok: true, value: { pages, throughServer: false } };
  } finally {
    sqlite.close();
  }
}

/** What is wrong with a backup file, in a sentence; or its verdict when nothing is. */
export async function faultOf(backup: string, anchors: Anchors): Promise<DatabaseVerdict | string> {
  const sqlite = new Sqlite(backup, { readonly: true, fileMustExist: true });
  try {
    const check = sqlite.pragma("integrity_check", { simple: true });
    if (check !== "ok") return `SQLite's integrity check of the copy found: ${String(check)}`;
  } catch (error) {
    return `The copy cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    sqlite.close();
  }
  const schema = schemaFault(backup, "The copy", { isOlderFine: true });
  if (schema !== null) return schema;
  const verdict = await verifyDatabase(backup, anchors);
  if (verdict.auditBrokenAt !== null)
    return `The audit trail in the copy is broken at row ${verdict.auditBrokenAt}.`;
  return verdict;
}

function clear(partial: string): void {
  for (const end of ["", "-wal", "-shm", "-journal", ".files"])
    rmSync(`${partial}${end}`, { recursive: true, force: true });
}
