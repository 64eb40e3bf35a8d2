/** The thread that decodes pictures: whatever a file does to a decoder happens here. */
import { parentPort } from "node:worker_threads";
import sharp from "sharp";
import type { Result } from "../../app/domain/result.ts";
import { type CleanImage, cleanImage } from "./clean-image.ts";

export type ImageOrder = { readonly id: number; readonly bytes: Uint8Array };
export type ImageAnswer = { readonly id: number; readonly result: Result<CleanImage> };

const port = parentPort;
if (port === null) throw new Error("image-worker.ts runs only as a worker");

// One picture at a time and no cache: pictures are rare, memory is shared with the pages.
sharp.concurrency(1);
sharp.cache(false);

let queue: Promise<void> = Promise.resolve();
port.on("message", ({ id, bytes }: ImageOrder) => {
  queue = queue.then(async () => {
    port.postMessage({ id, result: await cleanImage(bytes) } satisfies ImageAnswer);
  });
});
