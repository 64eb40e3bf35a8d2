/**
 * The place where everything is kept: its folder is made where it is missing, and what is
 * wrong with folder or database is said in a sentence that names what to change. Asked at
 * the start and by the commands of the console; a disk that fails while serving is the log's
 * and the pages' business.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the folder that `variable` names, for its owner alone; the fault as a sentence, or null. */
export function makeFolder(variable: string, path: string): string | null {
  try {
    makeStepByStep(path);
    if (!statSync(path).isDirectory()) return `${variable} names ${path}, which is not a folder.`;
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return `${variable} names ${path}, ${folderFaults[code] ?? `which cannot be made or used (${code})`}.`;
  }
}

/** What the file system refused, as a sentence; null for any other error. */
export function fileFault(error: unknown): string | null {
  const code = codeOf(error);
  if (code === null || !(error instanceof Error) || !("syscall" in error)) return null;
  const path = "path" in error && typeof error.path === "string" ? error.path : "A file";
  return `${path} cannot be used: ${fileFaults[code] ?? `the system answers ${code}`}.`;
}

const fileFaults: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  ENOTDIR: "it lies in something that is not a folder",
  EISDIR: "it is a folder",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EROFS: "its disk is read-only",
  ENOSPC: "its disk is full",
};

const folderFaults: Readonly<Record<string, string>> = {
  ENOTDIR: "which lies in something that is not a folder",
  EACCES: "where this user may not write",
  EPERM: "where this user may not write",
  EROFS: "which is on a disk that is read-only",
  ENOSPC: "which is on a disk that is full",
};

/** Not `recursive`: Node then tries for ever where a folder exists that takes none, as /proc. */
function makeStepByStep(path: string): void {
  if (existsSync(path)) return;
  makeStepByStep(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Made meanwhile by somebody who starts too.
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

/** What SQLite refused when the database was opened, as a sentence; null for any other error. */
export function databaseFault(error: unknown, path: string): string | null {
  const code = codeOf(error) ?? "";
  const kind = Object.keys(databaseFaults).find((start) => code.startsWith(start));
  return kind === undefined ? null : `The database ${path} ${databaseFaults[kind]}`;
}

const elsewhere = "or name another place with DATA_DIR or DATABASE_URL.";
const databaseFaults: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: `is not a SQLite database. Move it away, ${elsewhere}`,
  SQLITE_CORRUPT: "is damaged. Bring back a backup: npm run restore -- <file>",
  SQLITE_CANTOPEN: `cannot be opened. Check who owns it and its folder, ${elsewhere}`,
  SQLITE_READONLY: `may not be written to. Check who owns it and its folder, ${elsewhere}`,
  SQLITE_BUSY: "is locked by another process. Stop it first.",
  SQLITE_FULL: "cannot be written to: the disk is full. Make room, then start again.",
  SQLITE_IOERR: "cannot be read or written: the disk answers with an error.",
};

/** Of the error, or of what it was thrown for: a migration that failed names its cause. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  return codeOf(error.cause);
}
