/**
 * The line to the histories' worker: questions with their answers, and a worker that dies
 * is started again. What was asked of it is answered with a thrown error, never left
 * hanging, and what is asked meanwhile waits for the next one.
 */
import { Worker } from "node:worker_threads";
import type { CallName, Calls, FromWorker, ToWorker, WorkerOptions } from "./messages.ts";

/** A worker that dies is started again after this pause, ms. */
const restartMs = 250;
/** 32 documents of at most 5 MB, unpacked several times over, and room to work. */
const memoryMbMost = 1024;
const maxYoungGenerationSizeMb = 64;
/** A document on which the worker has ended so often is left aside: memory may have been short by chance once. */
const endsMost = 2;

/** What the worker says by itself. */
export type Told = Exclude<FromWorker, { kind: "ready" | "answer" | "failed" }>;

export interface WorkerLineOptions {
  /** The migrated database. */
  readonly path: string;
  /** Memory of the worker, MB; what 32 large documents need unless said otherwise. */
  readonly memoryMb?: number;
  readonly onTold: (message: Told) => void;
  /** The worker failed; it is started again by itself. */
  readonly onTrouble?: (message: string) => void;
}

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

const closed = () => new Error("The histories are closed");

export class WorkerLine {
  readonly #options: WorkerLineOptions;
  readonly #waiting = new Map<number, Waiting>();
  /** Whoever asks while no worker is there; a page then waits a moment instead of failing. */
  #untilBack: { resolve(): void; reject(error: Error): void }[] = [];
  #worker: Worker | null = null;
  /** The document the worker is at, by its number; 0 where it is at none. */
  readonly #workingOn = new Int32Array(new SharedArrayBuffer(4));
  /** How often a worker has ended over a document: out of memory, it says nothing itself. */
  readonly #endedOver = new Map<number, number>();
  #restarting: NodeJS.Timeout | null = null;
  #isClosing = false;
  #lastId = 0;

  constructor(options: WorkerLineOptions) {
    this.#options = options;
  }

  /** Nothing is asked or started any more. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Starts the worker and waits until it can answer. Rejects when it ends before. */
  start(): Promise<void> {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: {
        path: this.#options.path,
        workingOn: this.#workingOn.buffer,
        leftAside: [...this.#endedOver].flatMap(([document, times]) => (times >= endsMost ? [document] : [])),
      } satisfies WorkerOptions,
      resourceLimits: {
        maxOldGenerationSizeMb: this.#options.memoryMb ?? memoryMbMost,
        maxYoungGenerationSizeMb,
      },
    });
    return new Promise((resolve, reject) => {
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "ready") {
          this.#worker = worker;
          resolve();
          for (const waiting of this.#untilBack.splice(0)) waiting.resolve();
        } else this.#hear(message);
      });
      worker.on("error", (error) => {
        this.#options.onTrouble?.(`The histories' worker failed: ${(error as Error).message}`);
        reject(error);
      });
      worker.on("exit", () => {
        reject(new Error("The histories' worker ended before it was ready"));
        if (this.#worker !== worker) return;
        this.#worker = null;
        const document = Atomics.exchange(this.#workingOn, 0, 0);
        if (document > 0) this.#endedOver.set(document, (this.#endedOver.get(document) ?? 0) + 1);
        for (const { reject: refuseIt } of this.#waiting.values())
          refuseIt(new Error("The histories' worker ended; please ask again"));
        this.#waiting.clear();
        if (!this.#isClosing) this.#startAgainLater();
      });
    });
  }

  /** Rejects when the call throws, when the worker ends over it, and once the line is closed. */
  ask<Name extends CallName>(name: Name, ...args: Parameters<Calls[Name]>): Promise<ReturnType<Calls[Name]>> {
    if (this.#isClosing) return Promise.reject(closed());
    if (this.#worker === null)
      return new Promise<void>((resolve, reject) => this.#untilBack.push({ resolve, reject })).then(() =>
        this.ask(name, ...args),
      );
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.post({ kind: "ask", id, name, args });
    });
  }

  /** Says something that needs no answer; nothing while no worker is there, which reads the log when it starts. */
  post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  /** Resolves when the worker that is there now has ended. */
  async ended(): Promise<void> {
    const worker = this.#worker;
    if (worker !== null) await new Promise((resolve) => worker.once("exit", resolve));
  }

  /** Lets the worker write what it knows, then ends it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#restarting) clearTimeout(this.#restarting);
    for (const waiting of this.#untilBack.splice(0)) waiting.reject(closed());
    if (this.#worker === null) return;
    const ended = this.ended();
    this.post({ kind: "close" });
    await ended;
  }

  #startAgainLater(): void {
    this.#restarting = setTimeout(() => {
      this.start().then(
        () => this.post({ kind: "appended" }),
        () => {
          if (!this.#isClosing) this.#startAgainLater();
        },
      );
    }, restartMs);
  }

  #hear(message: Exclude<FromWorker, { kind: "ready" }>): void {
    if (message.kind !== "answer" && message.kind !== "failed") {
      this.#options.onTold(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === "answer") waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.message));
  }
}
