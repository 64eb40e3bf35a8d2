/**
 * One picture made harmless (promise S7): recognised by its first bytes, never by its
 * name; decoded, turned upright, made no larger than a page needs, and encoded anew, so
 * that nothing but the pixels is left (no EXIF, no place, no trailing archive).
 */
import sharp from "sharp";
import { ok, type Result, refuse } from "../../app/domain/result.ts";

export const imageLimits = {
  /** Bytes of an uploaded file. */
  fileBytes: 10 * 1024 * 1024,
  /** Pixels before decoding: a small file may claim a huge picture. */
  megapixels: 40,
  /** Longest edge of what is kept, in pixels: sharp on a page 760 wide at any zoom. */
  edge: 2400,
} as const;

export type CleanImage = {
  readonly bytes: Uint8Array;
  readonly mediaType: "image/png" | "image/jpeg" | "image/webp";
  readonly width: number;
  readonly height: number;
};

type Format = "png" | "jpeg" | "webp";

function startsWith(bytes: Uint8Array, signature: readonly number[], at = 0): boolean {
  return signature.every((byte, index) => bytes[at + index] === byte);
}

/** What the first bytes say it is; null for everything that is not taken, SVG included. */
export function formatOf(bytes: Uint8Array): Format | null {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "png";
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return "jpeg";
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, [0x57, 0x45, 0x42, 0x50], 8)) {
    return "webp";
  }
  return null;
}

/** Refuses `file-too-large`, `image-kind`, `image-too-many-pixels`, `image-broken`. */
export async function cleanImage(bytes: Uint8Array): Promise<Result<CleanImage>> {
  if (bytes.length > imageLimits.fileBytes) {
    const megabytes = (size: number) => Math.ceil(size / 1024 / 1024);
    return refuse("file-too-large", {
      megabytes: megabytes(bytes.length),
      max: megabytes(imageLimits.fileBytes),
    });
  }
  const format = formatOf(bytes);
  if (format === null) return refuse("image-kind");
  try {
    const input = sharp(bytes, {
      failOn: "error",
      limitInputPixels: imageLimits.megapixels * 1_000_000,
      // The first picture of an animation.
      pages: 1,
      sequentialRead: true,
    });
    const { width, height, format: decoded } = await input.metadata();
    if (decoded !== format) return refuse("image-kind");
    if (width * height > imageLimits.megapixels * 1_000_000) {
      return refuse("image-too-many-pixels", { max: imageLimits.megapixels });
    }
    const upright = input
      .rotate()
      .resize({ width: imageLimits.edge, height: imageLimits.edge, fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb");
    const encoded =
      format === "png"
        ? upright.png({ compressionLevel: 9 })
        : format === "jpeg"
          ? upright.jpeg({ quality: 84, mozjpeg: true })
          : upright.webp({ quality: 84 });
    const { data, info } = await encoded.timeout({ seconds: 20 }).toBuffer({ resolveWithObject: true });
    return ok({
      // Copied out of sharp's pool, so that it can travel to another thread alone.
      bytes: new Uint8Array(data),
      mediaType: `image/${format}`,
      width: info.width,
      height: info.height,
    });
  } catch (error) {
    // sharp throws one kind of error for all a file can be wrong in; only this one is told apart.
    if (error instanceof Error && /pixel limit/.test(error.message)) {
      return refuse("image-too-many-pixels", { max: imageLimits.megapixels });
    }
    return refuse("image-broken");
  }
}
