/**
 * Draws files in a worker, one after the other. Text made to be slow (80 kB of brackets
 * cost the Markdown writer 4.5 s) then costs nobody a keystroke, and is given up after
 * a deadline by ending the worker; the next order starts another.
 */
import { Worker } from "node:worker_threads";
import { ok, type Result, refuse } from "../../app/domain/result.ts";
import type { FilePiece } from "../../app/export/render.ts";
import type { FileOrder } from "./packed-text.ts";

/** A document of 20,000 words takes some 10 ms; what takes a thousand times that is no document. */
const renderDeadlineMs = 10_000;
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 };

export interface Renderer {
  /** Refuses `export-too-long`: past the deadline, or too large for the worker. */
  render(order: FileOrder): Promise<Result<readonly FilePiece[]>>;
  /** Waits for what is under way, then ends the worker. */
  close(): Promise<void>;
}

export type FromRenderer =
  | { readonly isDrawing: true }
  | { readonly pieces: readonly FilePiece[] }
  | { readonly failed: string };

/** Starts nothing yet: the worker comes with the first order. */
export function openRenderer(options: { readonly deadlineMs?: number } = {}): Renderer {
  const deadlineMs = options.deadlineMs ?? renderDeadlineMs;
  let worker: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();

  function start(): Worker {
    const started = new Worker(new URL("./render-worker.ts", import.meta.url), { resourceLimits });
    // Whoever waits hears of it below; while nobody waits, the next order starts another.
    started.on("error", () => {
      if (worker === started) worker = null;
    });
    worker = started;
    return started;
  }

  function draw(order: FileOrder): Promise<Result<readonly FilePiece[]>> {
    const mine = worker ?? start();
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        end();
        worker = null;
        void mine.terminate();
        resolve(refuse("export-too-long"));
      };
      // From the moment it draws: a busy machine may take long to start a thread.
      let timer: NodeJS.Timeout | undefined;
      const onMessage = (message: FromRenderer) => {
        if ("isDrawing" in message) {
          timer = setTimeout(giveUp, deadlineMs);
          return;
        }
        end();
        if ("pieces" in message) resolve(ok(message.pieces));
        else reject(new Error(message.failed));
      };
      const onError = (error: Error & { code?: string }) => {
        end();
        worker = null;
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(refuse("export-too-long"));
        else reject(error);
      };
      function end(): void {
        clearTimeout(timer);
        mine.off("message", onMessage);
        mine.off("error", onError);
      }
      mine.on("message", onMessage);
      mine.on("error", onError);
      mine.postMessage(order);
    });
  }

  return {
    render(order) {
      const mine = last.then(() => draw(order));
      last = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await last;
      await worker?.terminate();
      worker = null;
    },
  };
}
