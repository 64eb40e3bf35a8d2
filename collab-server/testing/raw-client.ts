/**
 * A light client of the protocol for tests: a real Y.Doc over a real socket, with every
 * frame, ack and close in plain sight. It behaves as a page does, unless told otherwise.
 */
import { EventEmitter } from "node:events";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { type ControlMessage, messageTypes, type PersonPresent } from "../../app/document/wire.ts";
import { until } from "./until.ts";

export interface RawClientOptions {
  readonly url: (client: RawClient) => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly also: readonly number[];
  readonly have: number;
  /** False: the document is left alone and nothing is sent unless a test sends it. */
  readonly isPage: boolean;
  /** False: pings of the server stay unanswered. */
  readonly answersPings: boolean;
  /** True: the document is no plain text, and whoever asks reads it in another way than `text`. */
  readonly isPlan: boolean;
  readonly doc: Y.Doc;
}

export class RawClient {
  readonly doc: Y.Doc;
  readonly events = new EventEmitter().setMaxListeners(0);
  /** Client ids of earlier lives whose work may be unsynced. */
  readonly earlierClientIds = new Set<number>();
  socket: WebSocket | null = null;
  isSynced = false;
  /** Content at the moment "synced" was said for the first time on this connection. */
  textAtSync: string | null = null;
  sentFrames = 0;
  ackedFrames = 0;
  have = 0;
  people: readonly PersonPresent[] = [];
  /** Awareness states of others, by client id. */
  readonly carets = new Map<number, { clock: number; state: unknown }>();
  readonly control: ControlMessage[] = [];
  closed: { code: number; reason: string } | null = null;
  /** HTTP status of a refused upgrade. */
  refusedWith: number | null = null;
  wasAskedForStep2 = false;
  bytesReceived = 0;
  messages = 0;
  readonly #options: Partial<RawClientOptions> & Pick<RawClientOptions, "url" | "headers">;
  readonly #isPage: boolean;

  constructor(options: Partial<RawClientOptions> & Pick<RawClientOptions, "url" | "headers">) {
    this.#options = options;
    this.#isPage = options.isPage ?? true;
    this.doc = options.doc ?? new Y.Doc();
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this && this.#isPage && this.isSynced) this.sendUpdate(update);
    });
  }

  get text(): string {
    // Whoever asks Yjs for a text makes one of the root, for good.
    if (this.#options.isPlan) throw new Error("A plan is read as a fragment");
    return this.doc.getText("default").toString();
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect(): void {
    this.isSynced = false;
    this.wasAskedForStep2 = false;
    this.sentFrames = 0;
    this.ackedFrames = 0;
    this.closed = null;
    this.refusedWith = null;
    const socket = new WebSocket(this.#options.url(this), {
      headers: this.#options.headers,
      perMessageDeflate: false,
      autoPong: this.#options.answersPings ?? true,
    });
    this.socket = socket;
    socket.binaryType = "nodebuffer";
    socket.on("error", () => this.#changed());
    socket.on("unexpected-response", (_request, response) => {
      this.refusedWith = response.statusCode ?? 0;
      response.resume();
      socket.terminate();
      this.#changed();
    });
    socket.on("open", () => {
      if (socket !== this.socket) return;
      if (this.#isPage) this.sendStep1();
      this.#changed();
    });
    socket.on("message", (data: Buffer) => {
      if (socket !== this.socket) return;
      this.bytesReceived += data.length;
      this.messages++;
      this.#receive(data);
      this.#changed();
    });
    socket.on("close", (code, reason) => {
      if (socket !== this.socket) return;
      this.closed = { code, reason: reason.toString() };
      this.isSynced = false;
      this.#changed();
    });
  }

  /** Types `text` at the end (or at `at`), as one frame. */
  type(text: string, at?: number): void {
    const content = this.doc.getText("default");
    content.insert(at ?? content.length, text);
  }

  sendStep1(): void {
    this.sendSync(0, Y.encodeStateVector(this.doc));
  }

  sendUpdate(update: Uint8Array): void {
    this.sendSync(2, update);
  }

  sendStep2(update: Uint8Array): void {
    this.sendSync(1, update);
  }

  sendSync(kind: number, body: Uint8Array): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, messageTypes.sync);
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, body);
    if (kind !== 0) this.sentFrames++;
    this.sendBytes(encoding.toUint8Array(encoder));
  }

  /** An awareness message of these entries. */
  sendAwareness(entries: readonly { clientId: number; clock: number; state: unknown }[]): void {
    const body = encoding.createEncoder();
    encoding.writeVarUint(body, entries.length);
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(body, clientId);
      encoding.writeVarUint(body, clock);
      encoding.writeVarString(body, JSON.stringify(state));
    }
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, messageTypes.awareness);
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
    this.sendBytes(encoding.toUint8Array(encoder));
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.isOpen) this.socket?.send(bytes);
  }

  /** Everything sent so far has left this process. */
  flushed(): Promise<void> {
    return new Promise((resolve) => this.socket?.ping(undefined, undefined, () => resolve()));
  }

  until(isTrue: () => boolean, what: string): Promise<void> {
    return until(this.events, isTrue, what);
  }

  async synced(): Promise<void> {
    await this.until(
      () => this.isSynced || this.closed !== null || this.refusedWith !== null,
      "synced or refused",
    );
    if (!this.isSynced)
      throw new Error(`not let in: ${this.refusedWith ?? ""} ${JSON.stringify(this.closed)}`);
  }

  /**
   * Connects and waits until the text is here. A server that is not ready to let anybody
   * in yet says 503; a page then tries again, and so does this, as often as `tries`.
   */
  async letIn(tries = 20): Promise<void> {
    for (let left = tries; ; left--) {
      this.connect();
      await this.until(
        () => this.isSynced || this.closed !== null || this.refusedWith !== null,
        "synced or refused",
      );
      if (this.isSynced || this.refusedWith !== 503 || left === 0) return await this.synced();
    }
  }

  /** Everything sent on this connection is durable. */
  async allAcked(): Promise<void> {
    await this.until(() => this.ackedFrames >= this.sentFrames || this.closed !== null, "all acked");
    if (this.ackedFrames < this.sentFrames) throw new Error(`closed: ${JSON.stringify(this.closed)}`);
  }

  async gone(): Promise<{ code: number; reason: string }> {
    await this.until(() => this.closed !== null, "closed");
    return this.closed ?? { code: 0, reason: "" };
  }

  /** Leaves as a page does. */
  leave(): void {
    this.socket?.close();
  }

  /** Cuts the line without a word. */
  destroy(): void {
    this.socket?.terminate();
  }

  #changed(): void {
    this.events.emit("change");
  }

  #receive(data: Uint8Array): void {
    const decoder = decoding.createDecoder(data);
    const type = decoding.readVarUint(decoder);
    if (type === messageTypes.sync) {
      const kind = decoding.readVarUint(decoder);
      const body = decoding.readVarUint8Array(decoder);
      if (kind === 0) {
        this.wasAskedForStep2 = true;
        if (this.#isPage) this.sendStep2(Y.encodeStateAsUpdate(this.doc, body));
        return;
      }
      if (this.#isPage) Y.applyUpdate(this.doc, body, this);
      if (kind === 1 && !this.isSynced) {
        this.isSynced = true;
        if (!this.#options.isPlan) this.textAtSync = this.text;
      }
    } else if (type === messageTypes.awareness) {
      const inner = decoding.createDecoder(decoding.readVarUint8Array(decoder));
      const count = decoding.readVarUint(inner);
      for (let i = 0; i < count; i++) {
        const clientId = decoding.readVarUint(inner);
        const clock = decoding.readVarUint(inner);
        const state: unknown = JSON.parse(decoding.readVarString(inner));
        if ((this.carets.get(clientId)?.clock ?? -1) >= clock) continue;
        if (state === null) this.carets.delete(clientId);
        else this.carets.set(clientId, { clock, state });
      }
    } else if (type === messageTypes.ack) {
      this.ackedFrames = decoding.readVarUint(decoder);
      this.have = decoding.readVarUint(decoder);
    } else if (type === messageTypes.people) {
      this.people = JSON.parse(decoding.readVarString(decoder)) as PersonPresent[];
    } else if (type === messageTypes.control) {
      this.control.push(JSON.parse(decoding.readVarString(decoder)) as ControlMessage);
    }
  }
}
