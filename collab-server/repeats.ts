/**
 * Frames that bring nothing new are as durable as the rows they repeat, which may still be
 * on their way to disk. They wait here, all that stand behind one row together, so that a
 * repeat costs as little as it brings (rule CS20).
 */
import { closeCodes } from "../app/document/wire.ts";
import type { Connection, FrameInTransit } from "./connection.ts";

interface Waiting {
  /** The newest row that was under way when these frames came. */
  readonly behind: number;
  readonly frames: { readonly connection: Connection; readonly frame: FrameInTransit }[];
}

export class Repeats {
  #waiting: Waiting[] = [];

  /** Keeps a frame until every row up to `behind` has been answered. */
  add(behind: number, connection: Connection, frame: FrameInTransit): void {
    const newest = this.#waiting.at(-1);
    if (newest?.behind === behind) newest.frames.push({ connection, frame });
    else this.#waiting.push({ behind, frames: [{ connection, frame }] });
  }

  /**
   * A row was answered, and `oldest` is the first that was not yet. What stands behind none
   * of those any more is durable: the ack goes out with the row. Who repeated what was not
   * stored is sent away, to offer it again.
   */
  answered(row: number, isStored: boolean, oldest: number): void {
    if (this.#waiting.length === 0) return;
    if (!isStored) this.#sendAway(row);
    const open = this.#waiting.findIndex(({ behind }) => behind >= oldest);
    for (const { frames } of this.#waiting.splice(0, open === -1 ? this.#waiting.length : open))
      for (const { connection, frame } of frames) connection.frameDurable(frame);
  }

  #sendAway(row: number): void {
    const first = this.#waiting.findIndex(({ behind }) => behind >= row);
    if (first === -1) return;
    for (const { frames } of this.#waiting.splice(first))
      for (const { connection } of frames) connection.close(closeCodes.tryAgain, "not stored");
  }
}
