/**
 * Hands out what is durable, in order of seq and without a hole. Rows of the room's own
 * come as the log answers them; those another hand appended are read back (rule CS21).
 */
import type { UpdateLog } from "../db/update-log/update-log.ts";
import type { Connection } from "./connection.ts";
import type { Report } from "./report.ts";
import { emptyUpdate, type StoredBytes } from "./stored-bytes.ts";

/** A durable row and whose it was; null where it was read back. */
export interface Delivered {
  readonly bytes: Uint8Array;
  readonly sender: Connection | null;
}

export interface DeliveryParts {
  readonly log: Pick<UpdateLog, "rows">;
  readonly document: number;
  readonly stored: StoredBytes;
  readonly report: Report;
  /** Are rows of the room's own under way? They come by themselves. */
  readonly expectsRows: () => boolean;
  /** A row that was read back and is not known yet. */
  readonly onForeign: (bytes: Uint8Array) => void;
  /** The next rows, which are among the stored now. */
  readonly onNext: (rows: readonly Delivered[]) => void;
  /** The log cannot be read. */
  readonly onLost: () => void;
}

export class Delivery {
  readonly #parts: DeliveryParts;
  /** Durable rows that wait for an earlier one to be handed out. */
  readonly #arrived = new Map<number, Delivered>();
  #head: number;
  #isReading = false;
  #isScheduled = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#head = parts.stored.seq;
  }

  /** A row of the room's own is durable. */
  durable(seq: number, row: Delivered): void {
    if (seq > this.#parts.stored.seq) this.#arrived.set(seq, row);
    this.#head = Math.max(this.#head, seq);
    this.#schedule();
  }

  /** The log has a row of this number: perhaps somebody else's. */
  headMoved(seq: number): void {
    if (seq <= this.#head) return;
    this.#head = seq;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // All rows of one commit are answered in one go: this runs right behind them.
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#handOut();
    });
  }

  #handOut(): void {
    const { stored, expectsRows, onNext } = this.#parts;
    const next: Delivered[] = [];
    for (;;) {
      const row = this.#arrived.get(stored.seq + 1);
      if (row === undefined) break;
      this.#arrived.delete(stored.seq + 1);
      stored.push(row.bytes);
      next.push(row);
    }
    if (next.length > 0) onNext(next);
    if (this.#arrived.size > 0 || (this.#head > stored.seq && !expectsRows())) this.#readBack();
  }

  #readBack(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    const { log, document, stored, report, onForeign, onLost } = this.#parts;
    const from = stored.seq + 1;
    const to = this.#head;
    log
      .rows(document, from, to)
      .then((rows) => {
        const found = new Map(rows.filter((row) => row.isIntact).map((row) => [row.seq, row.bytes]));
        for (let seq = Math.max(from, stored.seq + 1); seq <= to; seq++) {
          if (this.#arrived.has(seq)) continue;
          // A damaged row costs itself only: in its place goes an update that says nothing.
          const bytes = found.get(seq) ?? emptyUpdate;
          onForeign(bytes);
          this.#arrived.set(seq, { bytes, sender: null });
        }
        this.#isReading = false;
        this.#schedule();
      })
      .catch((error: unknown) => {
        this.#isReading = false;
        report("error", "rows-not-read", { message: String(error) });
        onLost();
      });
  }
}
