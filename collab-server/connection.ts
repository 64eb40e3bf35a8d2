/**
 * One open socket: what has been sent to it, what it has sent, whether it keeps up and
 * whether it is still alive. What messages mean is the room's business.
 *
 * Frames are made once and written as they are to the TCP socket (performance guide
 * §2). That is safe beside `ws`, which writes its own frames (pings, close) whole and
 * at once as long as nothing is compressed.
 */
import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { type CloseCode, closeCodes, limits } from "../app/document/wire.ts";
import { Allowance } from "./allowance.ts";
import { ackFrame, heartbeatFrame } from "./frames.ts";
import type { Grant } from "./handshake.ts";
import type { Report } from "./report.ts";

/** A connection that said nothing, not even to a ping, for so long is dead (promise D24). */
const deadAfterMs = 25_000;
const pingEveryMs = 10_000;
/** Sooner than `limits.heartbeatMs`, because the clock ticks in steps. */
const quietMs = limits.heartbeatMs - 5_000;
/** Reading pauses while so much of one socket waits to be stored. */
const waitingBytesMax = 4 * 1024 * 1024;
const waitingFramesMax = 4_096;
/** How long a closing peer may take to answer before the TCP connection is cut. */
const closeGraceMs = 1_000;

/** A document frame on its way to disk; `bytes` counts towards back-pressure. */
export interface FrameInTransit {
  readonly bytes: number;
  isDurable: boolean;
}

export class Connection {
  grant: Grant;
  readonly clientId: number;
  /** The document's seq up to which this page holds everything. */
  have: number;
  /** Row source in the log, opened with the first row. */
  source: Promise<number> | number | null = null;
  /** Content has been sent; from now on it gets every later row. */
  isServed = false;
  /** The first SyncStep2 may be large; later frames may not (rulings 5). */
  hadFirstSync = false;
  /** Budget for requests that cost more than they bring. */
  readonly asked = new Allowance(20, 2);

  readonly #ws: WebSocket;
  readonly #socket: Duplex & { readonly bytesRead?: number };
  readonly #now: () => number;
  readonly #transit: FrameInTransit[] = [];
  #waitingBytes = 0;
  #durable = 0;
  #owesAck = false;
  #isPaused = true;
  #heardAt: number;
  /** How much had arrived at the last tick: a large frame is a sign of life before it is whole. */
  #readBytes = 0;
  #pingedAt: number;
  #sentAt: number;
  #handedBytes = 0;
  /** A first load may be larger than what we tolerate in a slow reader. */
  #allowedBytes = 0;
  #mark = { handed: 0, flushed: 0, at: 0 };
  readonly #report: Report;
  readonly #closeGrace: (call: () => void) => void;

  constructor(parts: {
    ws: WebSocket;
    socket: Duplex;
    grant: Grant;
    clientId: number;
    have: number;
    now: () => number;
    after: (ms: number, call: () => void) => () => void;
    report: Report;
  }) {
    this.#report = parts.report;
    this.#ws = parts.ws;
    this.#socket = parts.socket;
    this.grant = parts.grant;
    this.clientId = parts.clientId;
    this.have = parts.have;
    this.#now = parts.now;
    this.#heardAt = this.#pingedAt = this.#sentAt = this.#mark.at = parts.now();
    this.#closeGrace = (call) => void parts.after(closeGraceMs, call);
    // Nothing is read before the room is there (promise W1).
    this.#ws.pause();
    this.#ws.on("pong", () => {
      this.#heardAt = this.#now();
    });
  }

  get isOpen(): boolean {
    return this.#ws.readyState === 1;
  }

  /** Starts reading. `handle` gets every binary message; text is not part of the protocol. */
  listen(handle: (data: Uint8Array) => void): void {
    this.#ws.on("message", (data: RawData, isBinary: boolean) => {
      this.#heardAt = this.#now();
      if (!this.isOpen) return;
      if (!isBinary || !(data instanceof Uint8Array)) {
        this.close(closeCodes.badMessage, "text");
        return;
      }
      handle(data);
    });
    this.#isPaused = false;
    this.#ws.resume();
  }

  /** Hands over ready-made frames in one write. */
  send(...frames: readonly Buffer[]): void {
    if (!this.isOpen || frames.length === 0) return;
    if (frames.length > 1) this.#socket.cork();
    for (const frame of frames) {
      this.#handedBytes += frame.length;
      this.#socket.write(frame);
    }
    if (frames.length > 1) this.#socket.uncork();
    this.#sentAt = this.#now();
    if (this.#ws.bufferedAmount > limits.bufferedBytes + this.#allowedBytes) this.#putOut("too slow");
  }

  /** Like `send`, for the document itself, which may be larger than the limit for slow readers. */
  sendContent(frames: readonly Buffer[]): void {
    this.#allowedBytes = this.#ws.bufferedAmount + frames.reduce((sum, frame) => sum + frame.length, 0);
    this.send(...frames);
  }

  /** Counts an arriving document frame, durable or not. Acks keep the order of arrival. */
  frameArrived(bytes: number): FrameInTransit {
    const frame = { bytes, isDurable: false };
    this.#transit.push(frame);
    this.#waitingBytes += bytes;
    if (
      !this.#isPaused &&
      (this.#waitingBytes > waitingBytesMax || this.#transit.length > waitingFramesMax)
    ) {
      this.#isPaused = true;
      this.#ws.pause();
    }
    return frame;
  }

  /** The frame is durable, or brought nothing that was not. */
  frameDurable(frame: FrameInTransit): void {
    frame.isDurable = true;
    let settled = 0;
    while (this.#transit[settled]?.isDurable) {
      this.#waitingBytes -= this.#transit[settled]?.bytes ?? 0;
      settled++;
    }
    if (settled === 0) return;
    this.#transit.splice(0, settled);
    this.#durable += settled;
    this.#owesAck = true;
    if (
      this.#isPaused &&
      this.#waitingBytes < waitingBytesMax / 2 &&
      this.#transit.length < waitingFramesMax / 2
    ) {
      this.#isPaused = false;
      this.#ws.resume();
    }
  }

  /** The ack that is due, if any. `have` must have been brought up to date before. */
  takeAck(): Buffer | null {
    if (!this.#owesAck || !this.isServed) return null;
    this.#owesAck = false;
    return this.ack();
  }

  ack(): Buffer {
    return ackFrame(this.#durable, this.have);
  }

  /** Once a second or so: is it alive, does it keep up, does it need a sign of life? */
  tick(): void {
    if (!this.isOpen) return;
    const now = this.#now();
    const readBytes = this.#socket.bytesRead ?? 0;
    if (readBytes > this.#readBytes) this.#heardAt = now;
    this.#readBytes = readBytes;
    if (!this.#isPaused && now - this.#heardAt > deadAfterMs) {
      this.#ws.terminate();
      return;
    }
    const flushed = this.#handedBytes - Math.min(this.#ws.bufferedAmount, this.#handedBytes);
    const isFirstLoad = this.#allowedBytes > 0;
    if (flushed >= this.#mark.handed || (isFirstLoad && flushed > this.#mark.flushed)) {
      if (flushed >= this.#mark.handed) this.#allowedBytes = 0;
      this.#mark = { handed: this.#handedBytes, flushed, at: now };
    } else if (now - this.#mark.at > limits.behindMs) {
      this.#putOut("too far behind");
      return;
    }
    if (now - this.#pingedAt >= pingEveryMs) {
      this.#pingedAt = now;
      this.#ws.ping();
    }
    if (now - this.#sentAt >= quietMs && this.isServed) this.send(heartbeatFrame, this.ack());
  }

  #putOut(why: string): void {
    this.#report("warn", "reader-put-out", { why, bytes: this.#ws.bufferedAmount });
    this.close(closeCodes.tryAgain, why);
  }

  /** Closes with a code of `wire.ts`; cuts the line when the peer does not answer. */
  close(code: CloseCode, reason: string): void {
    if (this.#ws.readyState >= 2) return;
    this.#ws.close(code, reason);
    // A paused socket would never read the peer's answer.
    this.#ws.resume();
    this.#closeGrace(() => this.#ws.terminate());
  }

  /** The peer broke the framing: `ws` has answered with the fitting code; the line is cut soon. */
  broken(): void {
    this.#closeGrace(() => this.#ws.terminate());
  }

  /** What has been handed over and not yet taken by the kernel. */
  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  terminate(): void {
    this.#ws.terminate();
  }
}
