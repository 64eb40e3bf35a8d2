/**
 * Files that outlive a power cut: a name is on disk only once its folder is synced, and
 * what it names once the file is. For the console and workers; the loop that serves people
 * syncs through `node:fs/promises`.
 */
import { closeSync, fsyncSync, openSync } from "node:fs";

/** Syncs a file, or the names that stand in a folder. */
export function syncPath(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
