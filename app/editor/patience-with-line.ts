/**
 * How long an acknowledgement may take before a line is held to be dead. A half-dead line
 * gives no sign (promise D10); but an hour's offline work on a slow line gives none
 * either while it is on its way, and to begin it anew would never end.
 */

/** For what a person types: without an answer for so long the line is taken for dead (ms). */
export const stalledMs = 10_000;

/** The slowest line that is waited for: 256 kbit/s, a phone at the edge of its network. */
const slowestBytesPerMs = 32;

/** What is on one line and not acknowledged yet. Frames are counted as the server counts them. */
export class PatienceWithLine {
  readonly #bytesOnTheWay: number[] = [];
  #ackedFrames = 0;

  /** A new line: nothing is on it. */
  opened(): void {
    this.#bytesOnTheWay.length = 0;
    this.#ackedFrames = 0;
  }

  sent(bytes: number): void {
    this.#bytesOnTheWay.push(bytes);
  }

  /** `frames` of this line are stored, counted from its beginning. */
  acked(frames: number): void {
    this.#bytesOnTheWay.splice(0, frames - this.#ackedFrames);
    this.#ackedFrames = frames;
  }

  /** How long the next acknowledgement may take from now on (ms). */
  get ms(): number {
    const bytes = this.#bytesOnTheWay.reduce((sum, each) => sum + each, 0);
    return stalledMs + bytes / slowestBytesPerMs;
  }
}
