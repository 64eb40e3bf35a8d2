/**
 * A drawn file as a row of small pieces, pictures put in as base64 on the way. The loop
 * that serves live editing hands them over, so none is large, each has a turn of the
 * loop to itself, and of a picture no more is read than what is handed over next.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ExportImage } from "./export-html.ts";
import type { FilePiece } from "./render.ts";

/** The largest piece that is handed over. */
export const pieceBytesMax = 256 * 1024;

/** What is read of a picture at once: of a length that base64 needs no filling for. */
const readBytes = (pieceBytesMax / 4) * 3;

const base64Bytes = (bytes: number) => Math.ceil(bytes / 3) * 4;

/** How long the file will be, in bytes. `images` holds every picture in it. */
export function fileLength(pieces: readonly FilePiece[], images: ReadonlyMap<string, ExportImage>): number {
  let length = 0;
  for (const piece of pieces)
    length += "imageId" in piece ? base64Bytes(images.get(piece.imageId)?.size ?? 0) : piece.length;
  return length;
}

/**
 * The bytes, from first to last. `read` gives a picture in parts of exactly so many bytes,
 * the last one shorter. Throws where a picture is not of its size in `images` any more: the
 * file would be broken, and who takes it must hear that it did not arrive.
 */
export async function* fileBytes(
  pieces: readonly FilePiece[],
  images: ReadonlyMap<string, ExportImage>,
  read: (imageId: string, bytesAtOnce: number) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for (const piece of pieces) {
    if (!("imageId" in piece)) {
      for (let at = 0; at < piece.length; at += pieceBytesMax) {
        yield piece.subarray(at, at + pieceBytesMax);
        await nextTurn();
      }
      continue;
    }
    let seen = 0;
    for await (const part of read(piece.imageId, readBytes)) {
      seen += part.length;
      const { buffer, byteOffset, length } = part;
      yield new Uint8Array(Buffer.from(Buffer.from(buffer, byteOffset, length).toString("base64"), "latin1"));
      await nextTurn();
    }
    if (seen !== images.get(piece.imageId)?.size)
      throw new Error("a picture changed while its file was sent");
  }
}
