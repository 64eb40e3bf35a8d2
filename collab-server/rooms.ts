/**
 * Opening and closing rooms: loading → live → draining → closed, one promise per
 * document. Who joins while a room is loading or closing waits; a load that fails is an
 * error for all who wait, and never an empty document (promises D1, D2, D3, D20).
 */
import { limits } from "../app/document/wire.ts";
import type { Connection } from "./connection.ts";
import { Room, type RoomParts } from "./room.ts";

/** A room nobody is in is kept warm for so long. */
export const unloadAfterMs = 30_000;
/** A load that takes longer has failed. */
const loadWithinMs = 2 * limits.preAuthMs;

interface Slot {
  state: "loading" | "live" | "draining" | "closed";
  readonly opening: Promise<Room>;
  room: Room | null;
  /** Resolves when a draining room is gone. */
  closing: Promise<void> | null;
  cancelUnload: (() => void) | null;
  /** Connections and server edits that need the room. */
  holds: number;
}

export class Rooms {
  readonly #parts: RoomParts;
  readonly #onCheckpointDue: (documentId: string) => Promise<void> | void;
  readonly #slots = new Map<string, Slot>();
  readonly #byNumber = new Map<number, Room>();
  readonly #stopListening: () => void;

  constructor(parts: RoomParts, onCheckpointDue: (documentId: string) => Promise<void> | void) {
    this.#parts = parts;
    this.#onCheckpointDue = onCheckpointDue;
    this.#stopListening = parts.log.onAppended((rows) => {
      for (const { document, seq } of rows) this.#byNumber.get(document)?.headMoved(seq);
    });
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Rooms that are open now. */
  *live(): IterableIterator<Room> {
    for (const { room } of this.#slots.values()) if (room !== null) yield room;
  }

  find(documentId: string): Room | null {
    return this.#slots.get(documentId)?.room ?? null;
  }

  /**
   * The room of a document, opened if need be, and kept open until `release`. Rejects
   * when the document cannot be loaded.
   */
  async hold(documentId: string): Promise<Room> {
    for (;;) {
      const slot = this.#slots.get(documentId) ?? this.#open(documentId);
      if (slot.closing !== null) {
        await slot.closing;
        continue;
      }
      slot.holds++;
      slot.cancelUnload?.();
      slot.cancelUnload = null;
      return slot.opening;
    }
  }

  /** Ends a hold. The last one to go starts the clock for closing the room. */
  release(documentId: string): void {
    const slot = this.#slots.get(documentId);
    if (slot === undefined) return;
    slot.holds--;
    if (slot.holds > 0 || slot.room === null) return;
    slot.cancelUnload = this.#parts.timers.after(unloadAfterMs, () => this.#unload(documentId, slot));
  }

  /** A connection has gone: its caret goes at once; the last one leaves a checkpoint behind. */
  left(documentId: string, connection: Connection): void {
    const room = this.find(documentId);
    room?.leave(connection);
    this.release(documentId);
    if (room !== null && room.members.size === 0) void this.#lastLeft(room);
  }

  /** Waits for every append under way. */
  async settled(): Promise<void> {
    await Promise.all([...this.live()].map((room) => room.settled()));
  }

  close(): void {
    this.#stopListening();
    for (const slot of this.#slots.values()) slot.cancelUnload?.();
    this.#slots.clear();
    this.#byNumber.clear();
  }

  #open(documentId: string): Slot {
    const opening = this.#load(documentId);
    const slot: Slot = {
      state: "loading",
      opening,
      room: null,
      closing: null,
      cancelUnload: null,
      holds: 0,
    };
    this.#slots.set(documentId, slot);
    opening.then(
      (room) => {
        slot.state = "live";
        slot.room = room;
        this.#byNumber.set(room.number, room);
        // Rows that were committed between reading and now.
        room.headMoved(this.#parts.log.headSeq(room.number));
        if (slot.holds === 0)
          slot.cancelUnload = this.#parts.timers.after(unloadAfterMs, () => this.#unload(documentId, slot));
        if (room.damagedCheckpoints.length > 0) {
          room.reportDamaged(room.damagedCheckpoints);
          void this.#takeCheckpoint(room);
        }
      },
      () => {
        slot.state = "closed";
        this.#slots.delete(documentId);
      },
    );
    return slot;
  }

  async #load(documentId: string): Promise<Room> {
    const { log, timers } = this.#parts;
    let cancel = () => {};
    const late = new Promise<never>((_, reject) => {
      cancel = timers.after(loadWithinMs, () => reject(new Error("loading took too long")));
    });
    try {
      const stored = await Promise.race([log.load(documentId), late]);
      if (stored === null) throw new Error("no such document");
      return new Room(this.#parts, stored);
    } catch (error) {
      this.#parts.report("error", "document-not-loaded", { message: String(error) });
      throw error;
    } finally {
      cancel();
    }
  }

  async #lastLeft(room: Room): Promise<void> {
    await room.settled();
    // Somebody came back, or there was nothing to read but the checkpoint itself.
    if (room.members.size > 0 || room.rowsSinceCheckpoint === 0) return;
    await this.#takeCheckpoint(room);
  }

  /** Has a checkpoint made, and gives the room it. */
  async #takeCheckpoint(room: Room): Promise<void> {
    try {
      await this.#onCheckpointDue(room.documentId);
    } catch (error) {
      this.#parts.report("warn", "checkpoint-not-made", { message: String(error) });
      return;
    }
    if (this.find(room.documentId) === room) await room.refresh();
  }

  #unload(documentId: string, slot: Slot): void {
    const room = slot.room;
    if (room === null || slot.holds > 0 || this.#slots.get(documentId) !== slot) return;
    slot.state = "draining";
    slot.cancelUnload = null;
    const gone = () => {
      slot.state = "closed";
      this.#byNumber.delete(room.number);
      this.#slots.delete(documentId);
    };
    // What is on its way to disk belongs to the old room; the next one is read after it.
    if (room.isIdle) gone();
    else slot.closing = room.settled().then(gone);
  }
}
