/**
 * One open document: who is connected, and what becomes of what they send. The stored
 * bytes for newcomers are `stored-bytes.ts`, the way of an edit to the log is
 * `rows-under-way.ts` and from there to the others `delivery.ts`: nobody sees an edit
 * before it is on disk.
 *
 * Rooms hold bytes, never a Y.Doc. Opening and closing them is `rooms.ts`.
 */
import * as Y from "yjs";
import {
  type CloseCode,
  type ControlMessage,
  closeCodes,
  limits,
  messageTypes,
} from "../app/document/wire.ts";
import { documentBytesMax } from "../app/domain/documents.ts";
import { isRecovering } from "../app/domain/recovery.ts";
import type { Companions } from "../db/update-log/rows.ts";
import type { AppendRefusal, AppendResult, StoredDocument, UpdateLog } from "../db/update-log/update-log.ts";
import { admit, noteAsSeen, type Seen } from "./admission.ts";
import { noteCheckpointAsSeen } from "./checkpoint-pieces.ts";
import type { Connection } from "./connection.ts";
import { type Delivered, Delivery } from "./delivery.ts";
import {
  controlFrame,
  readMessage,
  readStateVector,
  step1Frame,
  syncedFrame,
  updateFrame,
} from "./frames.ts";
import type { Judgement } from "./handshake.ts";
import { IdSet } from "./id-set.ts";
import { Presence } from "./presence.ts";
import type { Report } from "./report.ts";
import { RowsUnderWay } from "./rows-under-way.ts";
import { StoredBytes } from "./stored-bytes.ts";
import type { Timers } from "./timers.ts";

/** After so many rows without a newer checkpoint the room looks whether one was made. */
const refreshEveryRows = 500;
const messageOverhead = 32;
/** A frame without news above this size (bytes) counts as a request that costs more than it brings. */
const largeRepeat = 16 * 1024;
/** A longer awareness message is not even looked at. */
const longestAwareness = 64 * 1024;

export interface RoomParts {
  readonly log: UpdateLog;
  readonly now: () => number;
  readonly timers: Timers;
  readonly report: Report;
  /** Somebody wrote in this session; called for every accepted edit, so it must be cheap. */
  readonly onWrote: (sessionId: string) => void;
}

export class Room {
  readonly documentId: string;
  readonly number: number;
  readonly lineage: string;
  readonly schemaNumber: number;
  readonly epoch: string;
  readonly presence: Presence;
  /** Checkpoints that were damaged when the room was opened: it holds more rows instead. */
  readonly damagedCheckpoints: readonly number[];
  readonly #parts: RoomParts;
  readonly #stored: StoredBytes;
  readonly #seen: Seen = { structs: new IdSet(), deletes: new IdSet() };
  readonly #leases: Map<number, string>;
  readonly #members = new Set<Connection>();
  readonly #rows: RowsUnderWay;
  readonly #delivery: Delivery;
  #isRefreshing = false;
  #refreshedAt = 0;
  #toldSize = false;

  /** Throws when the stored bytes cannot be read: a damaged document is never served. */
  constructor(parts: RoomParts, stored: StoredDocument) {
    this.#parts = parts;
    this.documentId = stored.documentId;
    this.number = stored.document;
    this.lineage = stored.lineage;
    this.schemaNumber = stored.schemaNumber;
    this.epoch = stored.epoch;
    this.damagedCheckpoints = stored.damagedCheckpoints;
    this.#leases = new Map(stored.leases);
    this.#stored = new StoredBytes(stored);
    this.#rows = new RowsUnderWay({
      ...{ log: parts.log, now: parts.now, document: this.number, epoch: this.epoch, lineage: this.lineage },
      seen: this.#seen,
      onStored: (seq, { bytes, connection }) => this.#delivery.durable(seq, { bytes, sender: connection }),
      onRefused: (refusal) => this.#notStored(refusal),
    });
    this.#delivery = new Delivery({
      log: parts.log,
      document: this.number,
      stored: this.#stored,
      report: parts.report,
      expectsRows: () => !this.#rows.isEmpty,
      onForeign: (bytes) => noteAsSeen(bytes, this.#seen),
      onNext: (rows) => this.#handOut(rows),
      // Nobody may fall behind in silence: all come back and are served from the log.
      onLost: () => this.closeAll(closeCodes.tryAgain, "cannot read the log"),
    });
    noteCheckpointAsSeen(stored.checkpoint, this.#seen);
    for (const { bytes } of stored.tail) noteAsSeen(bytes, this.#seen);
    this.presence = new Presence(parts);
  }

  get members(): ReadonlySet<Connection> {
    return this.#members;
  }

  /** Nobody is connected and nothing is on its way to disk. */
  get isIdle(): boolean {
    return this.#members.size === 0 && this.#rows.isEmpty;
  }

  get rowsSinceCheckpoint(): number {
    return this.#stored.tailLength;
  }

  /** Checkpoints that were passed over; the rows tell what they held. */
  reportDamaged(seqs: readonly number[]): void {
    for (const seq of seqs)
      this.#parts.report("error", "checkpoint-damaged", { documentId: this.documentId, seq });
  }

  /** Notes client ids that the log has leased to a user. */
  leased(clientIds: readonly number[], userId: string): void {
    for (const id of clientIds) this.#leases.set(id, userId);
  }

  /** Lets a connection in, or closes it where its client id is in another person's use. */
  enter(connection: Connection): void {
    // Who writes has the id as a lease: a reader that came upon it first has to find another.
    if (!connection.grant.canWrite && this.presence.isAnothers(connection)) {
      connection.close(closeCodes.leaseRefused, "client-of-another");
      return;
    }
    this.#members.add(connection);
    this.presence.join(connection);
    connection.listen((data) => this.#heard(connection, data));
  }

  leave(connection: Connection): void {
    this.#members.delete(connection);
    this.presence.leave(connection);
  }

  /** Resolves when everything accepted so far has been stored or refused. */
  settled(): Promise<void> {
    return this.#rows.settled();
  }

  tell(message: ControlMessage): void {
    const frame = controlFrame(message);
    for (const member of this.#members) member.send(frame);
  }

  closeAll(code: CloseCode, reason: string): void {
    for (const member of [...this.#members]) member.close(code, reason);
  }

  /** A member's rights were looked up again. */
  judged(connection: Connection, judgement: Judgement): void {
    if (!judgement.ok) {
      connection.close(judgement.code, judgement.refusal);
      return;
    }
    const { grant } = judgement;
    if (grant.document.epoch !== this.epoch) {
      connection.close(closeCodes.epochChanged, "history-replaced");
      return;
    }
    const before = connection.grant;
    connection.grant = grant;
    // The page has to build its editor anew, and offer what it typed as a copy.
    if (before.canWrite && grant.whyNotWrite !== null)
      connection.close(closeCodes.rightLost, grant.whyNotWrite);
    else if (!before.canWrite && grant.canWrite) connection.close(closeCodes.tryAgain, "rights grew");
    if (before.side !== grant.side) connection.source = null;
    if (before.side !== grant.side || before.name !== grant.name) this.presence.changed();
  }

  tick(): void {
    for (const member of this.#members) member.tick();
    this.presence.tick();
  }

  /** The log has a newer row than we may know of: somebody else wrote it. */
  headMoved(seq: number): void {
    this.#delivery.headMoved(seq);
  }

  /** Stores an edit of the server's own and hands it to everybody. */
  async appendServerEdit(
    row: { source: number; clientIds: readonly number[]; bytes: Uint8Array; userId: string },
    companions?: Companions,
  ): Promise<AppendResult> {
    this.leased(row.clientIds, row.userId);
    const admission = admit(row.bytes, this.#seen, (client) => row.clientIds.includes(client));
    if (admission.kind === "refused") throw new Error(`a server edit was refused: ${admission.detail}`);
    const { structs, deletes } =
      admission.kind === "row" ? admission : { structs: new Map(), deletes: new Map() };
    const offered = { connection: null, frame: null, bytes: row.bytes, structs, deletes };
    return this.#rows.append(offered, row.source, companions);
  }

  /** Whatever a message sets off costs its sender's connection at most (rule CS45). */
  #heard(connection: Connection, data: Uint8Array): void {
    try {
      this.#receive(connection, data);
    } catch (error) {
      this.#parts.report("error", "message-failed", { message: String(error) });
      connection.close(closeCodes.badMessage, "message failed");
    }
  }

  #receive(connection: Connection, data: Uint8Array): void {
    if (data[0] === messageTypes.awareness && data.length > longestAwareness) return;
    const isStep2 = data[0] === 0 && data[1] === 1;
    const most = isStep2 && !connection.hadFirstSync ? limits.firstSyncBytes : limits.frameBytes;
    if (data.length > most + messageOverhead) {
      connection.close(closeCodes.tooLarge, "message too large");
      return;
    }
    const message = readMessage(data);
    switch (message.kind) {
      case "document":
        if (message.isStep2) connection.hadFirstSync = true;
        this.#offer(connection, message.update, message.isStep2);
        break;
      case "sync-step-1":
        this.#serve(connection, message.stateVector);
        break;
      case "awareness":
        this.presence.update(connection, message.body);
        break;
      case "query-awareness":
        if (connection.asked.take(this.#parts.now())) connection.send(...this.presence.framesFor(connection));
        break;
      case "unreadable":
        connection.close(closeCodes.badMessage, message.why);
        break;
    }
  }

  /** Everything a page lacks, then the empty step 2 that says so (rulings 6). */
  #serve(connection: Connection, stateVector: Uint8Array): void {
    if (!connection.asked.take(this.#parts.now())) {
      connection.close(closeCodes.tryAgain, "asks too often");
      return;
    }
    let updates: Uint8Array[];
    try {
      updates = this.#stored.lackedBy(connection.have, readStateVector(stateVector));
    } catch {
      connection.close(closeCodes.badMessage, "state vector");
      return;
    }
    const frames = updates.map(updateFrame);
    frames.push(syncedFrame);
    // A read-only page is never asked for what it has (rulings 11).
    if (connection.grant.canWrite) frames.push(step1Frame(this.#stateVector()));
    connection.isServed = true;
    connection.have = this.#stored.seq;
    frames.push(connection.ack(), ...this.presence.framesFor(connection));
    connection.sendContent(frames);
  }

  #stateVector(): Uint8Array {
    const clocks = new Map<number, number>();
    for (const client of this.#seen.structs.clients()) {
      const next = this.#seen.structs.next(client);
      if (next > 0) clocks.set(client, next);
    }
    return Y.encodeStateVector(clocks);
  }

  #offer(connection: Connection, update: Uint8Array, isStep2: boolean): void {
    const frame = connection.frameArrived(update.length);
    const { userId, canWrite } = connection.grant;
    if (!canWrite && !isStep2) {
      connection.close(closeCodes.rightLost, "read-only");
      return;
    }
    const recovers = isRecovering(connection.grant.document.recoveringUntil, this.#parts.now());
    const admission = admit(update, this.#seen, (client) => recovers || this.#leases.get(client) === userId);
    if (admission.kind === "nothing-new") {
      // Honest pages repeat themselves when they come back; to read it costs as much as the first time.
      if (update.length > largeRepeat && !connection.asked.take(this.#parts.now())) {
        connection.close(closeCodes.tryAgain, "repeats too often");
        return;
      }
      this.#rows.confirm(connection, frame);
      return;
    }
    if (!canWrite) {
      connection.close(closeCodes.rightLost, "read-only");
      return;
    }
    if (admission.kind === "refused") {
      this.#parts.report("warn", "update-refused", { why: admission.why, detail: admission.detail });
      connection.close(
        admission.why === "foreign-client" ? closeCodes.leaseRefused : closeCodes.badMessage,
        admission.why,
      );
      return;
    }
    const bytes = this.#stored.bytes + admission.bytes.length + this.#rows.bytes;
    if (bytes > documentBytesMax) {
      connection.send(controlFrame({ kind: "size", bytes, max: documentBytesMax }));
      connection.close(closeCodes.tooLarge, "document too large");
      return;
    }
    if (!this.#toldSize && bytes > documentBytesMax * 0.8) {
      this.#toldSize = true;
      this.tell({ kind: "size", bytes, max: documentBytesMax });
    }
    this.#parts.onWrote(connection.grant.sessionId);
    this.#rows.offer({ connection, frame, ...admission });
  }

  /** A row was not stored: told, and to everybody if the disk is at fault. */
  #notStored(refusal: AppendRefusal): void {
    this.#parts.report(refusal.reason === "storage" ? "error" : "warn", "row-not-stored", {
      reason: refusal.reason,
      ...("message" in refusal ? { message: refusal.message } : {}),
    });
    if (refusal.reason === "storage") this.tell({ kind: "not-saving" });
    if (refusal.reason === "epoch-changed") this.closeAll(closeCodes.epochChanged, "history-replaced");
  }

  /** Gives everybody the rows that are durable now, and their senders the acks. */
  #handOut(batch: readonly Delivered[]): void {
    const first = batch[0]?.sender ?? null;
    const oneSender = first !== null && batch.every((row) => row.sender === first) ? first : null;
    let frame: Buffer | null = null;
    for (const member of this.#members) {
      if (!member.isServed) continue;
      member.have = this.#stored.seq;
      const ack = member.takeAck();
      if (member === oneSender) {
        if (ack !== null) member.send(ack);
        continue;
      }
      frame ??= updateFrame(this.#stored.mergedEnd(batch.length));
      if (ack === null) member.send(frame);
      else member.send(frame, ack);
    }
    if (this.#stored.tailLength - this.#refreshedAt >= refreshEveryRows) void this.refresh();
  }

  /** Takes over a newer checkpoint, if one was made: later newcomers get fewer bytes. */
  async refresh(): Promise<void> {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    try {
      const { newer, damagedCheckpoints } = await this.#parts.log.newerCheckpoint(
        this.number,
        this.#stored.checkpointSeq,
      );
      this.reportDamaged(damagedCheckpoints);
      if (newer === null || newer.epoch !== this.epoch) return;
      this.#stored.takeOver(newer.checkpoint);
      for (const [client, user] of newer.leases) this.#leases.set(client, user);
      if (this.#stored.bytes < documentBytesMax * 0.8) this.#toldSize = false;
    } catch (error) {
      this.#parts.report("warn", "checkpoint-not-read", { message: String(error) });
    } finally {
      this.#refreshedAt = this.#stored.tailLength;
      this.#isRefreshing = false;
    }
  }
}
