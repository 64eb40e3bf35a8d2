/**
 * Pictures as services know them: cleaned in a worker, kept as files named by their id
 * in a folder of the data folder. A picture is on disk before its row exists, so a row
 * never points at nothing.
 */
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { isId } from "../../app/domain/ids.ts";
import { type Result, refuse } from "../../app/domain/result.ts";
import type { CleanImage } from "./clean-image.ts";
import type { Images } from "./image-store.ts";
import type { ImageAnswer, ImageOrder } from "./image-worker.ts";

/** The worker is started with the first picture and ends with `close`. */
export function openImages(parts: { readonly folder: string }): Images & { close(): Promise<void> } {
  const waiting = new Map<number, (result: Result<CleanImage>) => void>();
  let worker: Worker | null = null;
  let last = 0;

  const start = (): Worker => {
    const started = new Worker(new URL("./image-worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    started.unref();
    started.on("message", ({ id, result }: ImageAnswer) => {
      waiting.get(id)?.(result);
      waiting.delete(id);
    });
    // A picture that brings the decoder down is a broken picture; the next one gets a new worker.
    const fail = () => {
      if (worker === started) worker = null;
      for (const answer of waiting.values()) answer(refuse("image-broken"));
      waiting.clear();
    };
    started.on("error", fail);
    started.on("exit", fail);
    return started;
  };

  const pathOf = (id: string): { folder: string; file: string } => {
    if (!isId(id)) throw new Error("a picture's id must be a UUID");
    const folder = join(parts.folder, id.slice(0, 2));
    return { folder, file: join(folder, id) };
  };

  return {
    clean(bytes) {
      worker ??= start();
      const id = ++last;
      const asked = worker;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        asked.postMessage({ id, bytes } satisfies ImageOrder);
      });
    },
    async store(id, bytes) {
      const { folder, file } = pathOf(id);
      await mkdir(folder, { recursive: true });
      const unfinished = `${file}.part`;
      const handle = await open(unfinished, "w");
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } catch (error) {
        // Half a picture would hold the room that a full disk is short of.
        await rm(unfinished, { force: true });
        throw error;
      } finally {
        await handle.close();
      }
      await rename(unfinished, file);
    },
    async remove(id) {
      await rm(pathOf(id).file, { force: true });
    },
    async load(id) {
      try {
        return await readFile(pathOf(id).file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
    },
    async size(id) {
      try {
        return (await stat(pathOf(id).file)).size;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
    },
    async *read(id, bytesAtOnce) {
      const handle = await open(pathOf(id).file, "r");
      try {
        for (let at = 0, isMore = true; isMore; ) {
          const part = new Uint8Array(bytesAtOnce);
          // A disk may give less than it was asked for; the parts may not be shorter.
          let filled = 0;
          while (filled < bytesAtOnce && isMore) {
            const { bytesRead } = await handle.read(part, filled, bytesAtOnce - filled, at + filled);
            filled += bytesRead;
            isMore = bytesRead > 0;
          }
          at += filled;
          if (filled > 0) yield part.subarray(0, filled);
        }
      } finally {
        await handle.close();
      }
    },
    async close() {
      await worker?.terminate();
      worker = null;
    },
  };
}
