/**
 * When the next commit may start. A lone typist never waits. While several documents
 * are busy, commits keep a distance, so that each sync carries many keystrokes: 5.3 kB
 * written per keystroke become 0.5 (ADR 0009). In one document that many people type
 * into, a shorter distance halves the syncs and the frames to everybody.
 */

/** While several documents are busy, commits are at least this far apart, ms (rule C2: at most 10). */
const windowMs = 10;
/** How many documents make "several". */
const busyDocuments = 4;
/** While rows come faster than people in a few documents type, ms. Nobody sees so short a wait. */
const crowdWindowMs = 4;
/** Rows of all documents within `busyMs` that make a crowd: twelve people at 8 keys a second. */
const crowdRows = 10;
/** A document counts as busy this long after a row, ms; up to twice as long. */
const busyMs = 100;

export class CommitWindow {
  #now = new Set<number>();
  #before = new Set<number>();
  #rowsNow = 0;
  #rowsBefore = 0;
  #since = 0;
  #lastCommitAt = 0;

  /** A row of this document arrived at `at` (monotonic ms). */
  rowArrived(document: number, at: number): void {
    const passed = at - this.#since;
    if (passed > busyMs) {
      const isOver = passed > 2 * busyMs;
      this.#before = isOver ? new Set() : this.#now;
      this.#rowsBefore = isOver ? 0 : this.#rowsNow;
      this.#now = new Set();
      this.#rowsNow = 0;
      this.#since = at;
    }
    this.#now.add(document);
    this.#rowsNow++;
  }

  commitStarted(at: number): void {
    this.#lastCommitAt = at;
  }

  /** How long the next commit still has to wait, ms; 0: not at all. */
  waitMs(at: number): number {
    const isBusy = Math.max(this.#now.size, this.#before.size) >= busyDocuments;
    const isCrowd = Math.max(this.#rowsNow, this.#rowsBefore) >= crowdRows;
    const distance = isBusy ? windowMs : isCrowd ? crowdWindowMs : 0;
    return Math.max(0, this.#lastCommitAt + distance - at);
  }
}
