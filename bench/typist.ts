/**
 * A light client: writes real Yjs updates and reads of what it receives only which
 * edits they hold, so that the load generator is not the bottleneck. One clock for all.
 */
import { WebSocket } from "ws";
import * as Y from "yjs";
import type { Dialect } from "./dialects.ts";

/** When each edit was due: Yjs client id → by clock, in ms. */
export type DueTimes = Map<number, number[]>;

export type Edit = readonly [at: number, removed: number, inserted: string];

export class Typist {
  readonly doc = new Y.Doc();
  readonly latencies: number[] = [];
  readonly seen = new Map<number, number>();
  received = 0;
  bytes = 0;
  sent = 0;
  acked = 0;
  isSynced = false;
  isClosed = false;
  readonly #due: DueTimes;
  readonly #dialect: Dialect;
  #socket: WebSocket | null = null;
  #onChange: (() => void)[] = [];

  constructor(dialect: Dialect, due: DueTimes) {
    this.#dialect = dialect;
    this.#due = due;
    this.#due.set(this.doc.clientID, []);
    this.doc.on("update", (update: Uint8Array) => {
      this.sent += 1;
      this.#socket?.send(this.#dialect.update(update));
    });
  }

  /** Resolves when the server says that everything was sent; a relay says nothing. */
  async join(url: string, headers: Record<string, string>, isRelay: boolean): Promise<void> {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    this.#socket = socket;
    socket.binaryType = "nodebuffer";
    socket.on("message", (data: Buffer) => this.#hear(data));
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.isClosed = true;
      for (const look of this.#onChange.splice(0)) look();
    });
    for (const frame of this.#dialect.hello()) socket.send(frame);
    if (isRelay) return;
    await this.until(() => this.isSynced || this.isClosed);
    if (!this.isSynced) throw new Error("The server closed the connection before it had sent the document");
  }

  /** One character at the end, due at `at`. */
  type(at = performance.now()): void {
    this.#due.get(this.doc.clientID)?.push(at);
    const text = this.doc.getText("default");
    text.insert(text.length, "x");
  }

  /** One recorded edit of the text: so many characters away, then these in their place. */
  edit([at, removed, inserted]: Edit): void {
    const text = this.doc.getText("default");
    if (removed > 0) text.delete(at, removed);
    if (inserted !== "") text.insert(at, inserted);
  }

  /** Characters written so far, also those deleted again: what others count as received. */
  get written(): number {
    return Y.getState(this.doc.store, this.doc.clientID);
  }

  until(isSo: () => boolean): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const look = () => {
        if (isSo()) resolve();
        else this.#onChange.push(look);
      };
      this.#onChange.push(look);
    });
  }

  leave(): void {
    this.#socket?.terminate();
  }

  #hear(data: Buffer): void {
    this.bytes += data.length;
    const heard = this.#dialect.hear(data);
    if (heard.kind === "asked") this.#socket?.send(this.#dialect.nothingMore());
    if (heard.kind === "ack") this.acked = heard.isTotal ? heard.frames : this.acked + heard.frames;
    if (heard.kind === "update") {
      if (heard.isSynced) this.isSynced = true;
      this.#count(heard.bytes, performance.now());
    }
    for (const look of this.#onChange.splice(0)) look();
  }

  #count(update: Uint8Array, now: number): void {
    const { to } = Y.parseUpdateMeta(update);
    for (const [client, end] of to) {
      const due = this.#due.get(client);
      if (!due || client === this.doc.clientID) continue;
      for (let clock = this.seen.get(client) ?? 0; clock < end; clock += 1) {
        this.latencies.push(now - (due[clock] ?? now));
        this.received += 1;
      }
      this.seen.set(client, Math.max(end, this.seen.get(client) ?? 0));
    }
  }
}
