/** The thread that draws files: an order in, the pieces of a file out. */
import { parentPort } from "node:worker_threads";
import { renderFile } from "../../app/export/render.ts";
import { type FileOrder, unpackText } from "./packed-text.ts";
import type { FromRenderer } from "./renderer.ts";

const port = parentPort;
if (port === null) throw new Error("render-worker.ts runs as a worker only");

port.on("message", (order: FileOrder) => {
  port.postMessage({ isDrawing: true } satisfies FromRenderer);
  let answer: FromRenderer;
  // Handed over, not copied: the loop that takes them serves people.
  const buffers: ArrayBuffer[] = [];
  try {
    const pieces = renderFile({ ...order, json: unpackText(order) });
    for (const piece of pieces) if (!("imageId" in piece)) buffers.push(piece.buffer);
    answer = { pieces };
  } catch (error) {
    answer = { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  port.postMessage(answer, buffers);
});
