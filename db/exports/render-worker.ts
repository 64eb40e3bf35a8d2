/** The thread that draws files: an order in, a text out. */
import { parentPort } from "node:worker_threads";
import { type RenderOrder, renderFile } from "../../app/export/render.ts";
import type { FromRenderer } from "./renderer.ts";

const port = parentPort;
if (port === null) throw new Error("render-worker.ts runs as a worker only");

port.on("message", (order: RenderOrder) => {
  port.postMessage({ isDrawing: true } satisfies FromRenderer);
  let answer: FromRenderer;
  try {
    answer = { text: renderFile(order) };
  } catch (error) {
    answer = { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  port.postMessage(answer);
});
