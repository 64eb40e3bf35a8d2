/**
 * When the next commit may start. A lone typist never waits. While several documents
 * are busy, commits keep a distance, so that each sync carries many keystrokes: 5.3 kB
 * written per keystroke become 0.5 (ADR 0009).
 */

/** While several documents are busy, commits are at least this far apart, ms (rule C2: at most 10). */
const windowMs = 10;
/** How many documents make "several". */
const busyDocuments = 4;
/** A document counts as busy this long after a row, ms; up to twice as long. */
const busyMs = 100;

export class CommitWindow {
  #now = new Set<number>();
  #before = new Set<number>();
  #since = 0;
  #lastCommitAt = 0;

  /** A row of this document arrived at `at` (monotonic ms). */
  rowArrived(document: number, at: number): void {
    const passed = at - this.#since;
    if (passed > busyMs) {
      this.#before = passed > 2 * busyMs ? new Set() : this.#now;
      this.#now = new Set();
      this.#since = at;
    }
    this.#now.add(document);
  }

  commitStarted(at: number): void {
    this.#lastCommitAt = at;
  }

  /** How long the next commit still has to wait, ms; 0: not at all. */
  waitMs(at: number): number {
    const isBusy = Math.max(this.#now.size, this.#before.size) >= busyDocuments;
    return isBusy ? Math.max(0, this.#lastCommitAt + windowMs - at) : 0;
  }
}
