/**
 * When the disk or the file says no: full, locked by somebody else, read-only, broken.
 * That is no bug in a page, and people are told so in a sentence; everything else that
 * SQLite or the file system throws is one. Also: the small writes that reading must not depend on.
 */

/** The first two words of the codes; SQLite refines some of them (`SQLITE_IOERR_WRITE`). */
const faults = /^SQLITE_(FULL|BUSY|LOCKED|READONLY|IOERR|CANTOPEN)(_|$)/;
/** The same of a file of our own: pictures are no rows. */
const fileFaults = /^(ENOSPC|EDQUOT|EROFS|EIO)$/;

/** Was this thrown because something could not be stored just now? */
export function isStorageFault(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return typeof error.code === "string" && (faults.test(error.code) || fileFaults.test(error.code));
}

/**
 * Ends the text of a write that nobody should wait for. Where one connection serves all
 * pages (`query-worker.ts`), such a statement gives up on a locked file at once instead
 * of holding every reader back for the five seconds that a real change is worth.
 */
export const waitsBriefly = "/* waits briefly */";

/**
 * A note beside the way, such as "was here at ten": false when it could not be stored.
 * Reading goes on without it, and the writes that matter report the fault themselves.
 */
export async function noted(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isStorageFault(error)) return false;
    throw error;
  }
}
