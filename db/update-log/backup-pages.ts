/**
 * A consistent copy of the open database on the writer's own connection: every commit
 * made meanwhile goes into the copy too, so it never starts over. From any other
 * connection a stepwise copy restarts at each commit and never ends under typing
 * (scale guide §6).
 */
import type BetterSqlite3 from "better-sqlite3";

/** 800 kB every 10 ms: the pace at which typing kept p95 at 3.6 ms (scale guide §6). */
const bytesPerStep = 200 * 4096;
const stepMs = 10;

const nap = new Int32Array(new SharedArrayBuffer(4));

/** Copies into the file `path`, which must not exist. `pace` off: as fast as it goes, when nobody else is served. */
export async function backupPages(
  sqlite: BetterSqlite3.Database,
  path: string,
  options: { readonly pace: boolean },
): Promise<{ readonly pages: number }> {
  const pagesPerStep = Math.floor(bytesPerStep / (sqlite.pragma("page_size", { simple: true }) as number));
  let next = 0;
  const done = await sqlite.backup(path, {
    progress() {
      if (!options.pace) return 10_000;
      const now = performance.now();
      if (now >= next) {
        next = now + stepMs;
        return pagesPerStep;
      }
      // The library steps again at once. A millisecond's sleep keeps this thread from
      // spinning, and appends that arrive are served between two naps.
      Atomics.wait(nap, 0, 0, 1);
      return 0;
    },
  });
  return { pages: done.totalPages };
}
