/** What is known of a picture before it is sent: how large it may be. */
import type { Refusal } from "./refusals.ts";

/** Most bytes of an uploaded file that are read at all (see `db/files/clean-image.ts`). */
const imageFileBytesMax = 10 * 1024 * 1024;

const bytesPerMegabyte = 1024 * 1024;

/** Why a file of so many bytes is not taken; null where it may come. */
export function tooLargeImage(bytes: number): Refusal | null {
  if (bytes <= imageFileBytesMax) return null;
  const megabytes = Math.ceil(bytes / bytesPerMegabyte);
  return { code: "file-too-large", facts: { megabytes, max: imageFileBytesMax / bytesPerMegabyte } };
}
