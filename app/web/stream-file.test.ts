import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openImages } from "../../db/files/images.ts";
import { fileBytes, fileLength, pieceBytesMax } from "../export/file-bytes.ts";
import type { FilePiece } from "../export/render.ts";
import { streamOf } from "./stream-file.server.ts";

const folder = mkdtempSync(join(tmpdir(), "two-way-file-"));
const images = openImages({ folder });
afterAll(async () => {
  await images.close();
  rmSync(folder, { recursive: true });
});

/** Sizes at every edge: nothing, less than a part, exactly one, one more, several and two bytes. */
const part = (pieceBytesMax / 4) * 3;
const lengths = [0, 1, part - 1, part, part + 1, part * 5 + 2];
const pictures = lengths.map((length, index) => ({
  id: `0b5f8c7e-58a1-4b60-8a5e-6f1f5f1f000${index}`,
  bytes: randomBytes(length),
}));
const stored = new Map(
  pictures.map(({ id, bytes }) => [id, { mediaType: "image/png", size: bytes.length }] as const),
);
const encoder = new TextEncoder();
const words = encoder.encode("wörds".repeat(200_000));
/** Every picture twice, words around each. */
const pieces: readonly FilePiece[] = [...pictures, ...pictures].flatMap(({ id }) => [words, { imageId: id }]);
const whole = Buffer.concat(
  [...pictures, ...pictures].flatMap(({ bytes }) => [words, Buffer.from(bytes.toString("base64"))]),
);

beforeAll(async () => {
  for (const { id, bytes } of pictures) await images.store(id, bytes);
});

describe("a file on its way to who takes it", () => {
  it("arrives as it would have been in one piece, of the length that was told", async () => {
    const body = streamOf(fileBytes(pieces, stored, images.read), async () => true);
    const arrived = Buffer.from(await new Response(body).arrayBuffer());
    expect(arrived.equals(whole)).toBe(true);
    expect(fileLength(pieces, stored)).toBe(whole.length);
  });

  it("comes in small pieces, and the loop has a turn of its own between any two", async () => {
    let turns = 0;
    let turning = setImmediate(function turn() {
      turns += 1;
      turning = setImmediate(turn);
    });
    const wrong: string[] = [];
    let before = -1;
    let count = 0;
    const reader = streamOf(fileBytes(pieces, stored, images.read), async () => true).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const piece = next.value;
      count += 1;
      if (piece.length > pieceBytesMax) wrong.push(`piece ${count} has ${piece.length} bytes`);
      if (turns === before) wrong.push(`piece ${count} came in the same turn`);
      before = turns;
    }
    clearImmediate(turning);
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(whole.length / pieceBytesMax);
  });

  it("is made no further than the line takes it", async () => {
    let read = 0;
    const asked: (() => void)[] = [];
    let hear = () => {};
    const untilRoom = () =>
      new Promise<boolean>((resolve) => {
        asked.push(() => resolve(true));
        hear();
      });
    const only: FilePiece[] = [{ imageId: pictures.at(-1)?.id ?? "" }];
    const counted = async function* (id: string, bytesAtOnce: number) {
      for await (const bytes of images.read(id, bytesAtOnce)) {
        read += 1;
        yield bytes;
      }
    };
    const reader = streamOf(fileBytes(only, stored, counted), untilRoom).getReader();
    for (let taken = 1; taken <= 3; taken += 1) {
      const asking = new Promise<void>((resolve) => {
        hear = resolve;
      });
      const next = reader.read();
      await asking;
      expect([asked.length, read]).toEqual([taken, taken - 1]);
      asked.at(-1)?.();
      expect((await next).value?.length).toBe(pieceBytesMax);
      expect(read).toBe(taken);
    }
    await reader.cancel();
  });

  it("is closed, and ends without a complaint, when who takes it has gone", async () => {
    const closed: string[] = [];
    const watched = async function* (id: string, bytesAtOnce: number) {
      try {
        yield* images.read(id, bytesAtOnce);
      } finally {
        closed.push(id);
      }
    };
    const id = pictures.at(-1)?.id ?? "";
    let isThere = true;
    const reader = streamOf(fileBytes([{ imageId: id }], stored, watched), async () => isThere).getReader();
    await reader.read();
    isThere = false;
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    expect(closed).toEqual([id]);
  });

  it("breaks off where a picture is not what it was, instead of arriving broken", async () => {
    const id = pictures[1]?.id ?? "";
    const body = streamOf(
      fileBytes([{ imageId: id }], new Map([[id, { mediaType: "image/png", size: 2 }]]), images.read),
      async () => true,
    );
    await expect(new Response(body).arrayBuffer()).rejects.toThrow("changed");
  });
});
