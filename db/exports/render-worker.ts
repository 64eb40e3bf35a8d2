/** The thread that draws files: an order in, a text out. */
import { parentPort } from "node:worker_threads";
import { renderFile } from "../../app/export/render.ts";
import { type FileOrder, unpackText } from "./packed-text.ts";
import type { FromRenderer } from "./renderer.ts";

const port = parentPort;
if (port === null) throw new Error("render-worker.ts runs as a worker only");

port.on("message", (order: FileOrder) => {
  port.postMessage({ isDrawing: true } satisfies FromRenderer);
  let answer: FromRenderer;
  try {
    answer = { text: renderFile({ ...order, json: unpackText(order) }) };
  } catch (error) {
    answer = { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  port.postMessage(answer);
});
