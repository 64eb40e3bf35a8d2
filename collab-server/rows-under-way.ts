/**
 * The way of a room's rows to the log: what is accepted is noted as seen at once, offered
 * to the log under its sender's source, and taken back where the disk refuses it. Frames
 * that repeat a row wait for it. No sender is told "saved" before it is on disk.
 */
import { type CloseCode, closeCodes, limits } from "../app/document/wire.ts";
import type { Companions } from "../db/update-log/rows.ts";
import type { AppendRefusal, AppendResult, UpdateLog } from "../db/update-log/update-log.ts";
import type { Fresh, Seen } from "./admission.ts";
import type { Connection, FrameInTransit } from "./connection.ts";
import { Repeats } from "./repeats.ts";

/** A row to be stored; without a connection it is the server's own. */
export interface OfferedRow {
  readonly connection: Connection | null;
  readonly frame: FrameInTransit | null;
  readonly bytes: Uint8Array;
  readonly structs: Fresh;
  readonly deletes: Fresh;
}

/** A row that the log has not answered yet. */
interface Pending extends OfferedRow {
  readonly answered: Promise<AppendResult>;
  /** Which row of this room it is, counted from 1 in the order they were offered. */
  readonly row: number;
}

export interface RowsUnderWayParts {
  readonly log: Pick<UpdateLog, "append" | "openSource">;
  readonly now: () => number;
  readonly document: number;
  readonly epoch: string;
  readonly lineage: string;
  /** What the room has seen; rows are noted here from when they are offered. */
  readonly seen: Seen;
  /** A row is durable, under this seq. */
  readonly onStored: (seq: number, row: OfferedRow) => void;
  /** A row was refused; its sender is sent away afterwards. */
  readonly onRefused: (refusal: AppendRefusal) => void;
}

export class RowsUnderWay {
  readonly #parts: RowsUnderWayParts;
  readonly #pending = new Set<Pending>();
  readonly #repeats = new Repeats();
  #rowsTracked = 0;

  constructor(parts: RowsUnderWayParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Bytes on their way to disk; where there are many rows, as many as one frame may have. */
  get bytes(): number {
    if (this.#pending.size >= 64) return limits.frameBytes;
    let bytes = 0;
    for (const one of this.#pending) bytes += one.bytes.length;
    return bytes;
  }

  /** Resolves when everything offered so far has been stored or refused. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled([...this.#pending].map((one) => one.answered));
  }

  /** Stores what somebody connected has sent. */
  offer(row: OfferedRow & { readonly connection: Connection }): void {
    const { connection } = row;
    connection.source ??= this.#openSource(connection);
    const { source } = connection;
    // The first rows of a connection wait for its source; they keep their order.
    if (typeof source === "number") void this.append(row, source);
    else
      void this.#track(
        row,
        source.then((number) => this.#toLog(row, number)),
      );
  }

  /** Stores a row under a source that is open. */
  append(row: OfferedRow, source: number, companions?: Companions): Promise<AppendResult> {
    return this.#track(row, this.#toLog(row, source, companions));
  }

  /** A frame without news is as durable as what it repeats, which may still be on its way. */
  confirm(connection: Connection, frame: FrameInTransit): void {
    if (this.#pending.size > 0) {
      this.#repeats.add(this.#rowsTracked, connection, frame);
      return;
    }
    connection.frameDurable(frame);
    const ack = connection.takeAck();
    if (ack !== null) connection.send(ack);
  }

  #openSource(connection: Connection): Promise<number> {
    const { log, document, epoch, lineage } = this.#parts;
    const { grant } = connection;
    return log
      .openSource({
        ...{ document, epoch, lineage },
        schemaNumber: grant.document.schemaNumber,
        actorKind: "user",
        userId: grant.userId,
        side: grant.side,
        sessionId: grant.sessionId,
      })
      .then((source) => {
        connection.source = source;
        return source;
      });
  }

  #toLog(row: OfferedRow, source: number, companions?: Companions): Promise<AppendResult> {
    const { log, now, document } = this.#parts;
    return log.append(
      { document, source, at: now(), clientIds: [...row.structs.keys()], bytes: row.bytes },
      companions,
    );
  }

  #track(row: OfferedRow, appending: Promise<AppendResult>): Promise<AppendResult> {
    const { seen } = this.#parts;
    for (const [client, ranges] of row.structs) seen.structs.add(client, ranges);
    for (const [client, ranges] of row.deletes) seen.deletes.add(client, ranges);
    const answered = appending
      .catch(
        (error: unknown): AppendResult => ({
          ok: false,
          refusal: { reason: "storage", message: String(error) },
        }),
      )
      .then((result) => {
        this.#pending.delete(pending);
        if (result.ok) this.#stored(pending, result.value.seq);
        else this.#refused(pending, result.refusal);
        const [oldest] = this.#pending;
        this.#repeats.answered(pending.row, result.ok, oldest?.row ?? Number.POSITIVE_INFINITY);
        return result;
      });
    const pending: Pending = { ...row, answered, row: ++this.#rowsTracked };
    this.#pending.add(pending);
    return answered;
  }

  #stored(row: OfferedRow, seq: number): void {
    if (row.connection !== null && row.frame !== null) row.connection.frameDurable(row.frame);
    this.#parts.onStored(seq, row);
  }

  /** Takes back what was noted as seen, and sends its sender away to offer it again. */
  #refused(row: OfferedRow, refusal: AppendRefusal): void {
    const { seen, onRefused } = this.#parts;
    for (const [client, ranges] of row.structs) seen.structs.remove(client, ranges);
    for (const [client, ranges] of row.deletes) seen.deletes.remove(client, ranges);
    onRefused(refusal);
    // A source that could not be opened is asked for again at the next connection.
    row.connection?.close(closeCodeOf[refusal.reason], refusal.reason);
  }
}

const closeCodeOf: Readonly<Record<AppendRefusal["reason"], CloseCode>> = {
  "signed-out": closeCodes.signedOut,
  "right-lost": closeCodes.rightLost,
  gone: closeCodes.gone,
  "epoch-changed": closeCodes.epochChanged,
  "lease-refused": closeCodes.leaseRefused,
  "too-large": closeCodes.tooLarge,
  storage: closeCodes.tryAgain,
};
