/** Pictures as operations know them; `images.ts` keeps the promise with a worker and a folder. */
import type { Result } from "../../app/domain/result.ts";

/** Pictures, re-encoded without metadata in a worker (promise S7). */
export interface Images {
  /** Refuses `image-kind`, `image-broken`, `image-too-many-pixels`, `file-too-large`. */
  clean(
    bytes: Uint8Array,
  ): Promise<Result<{ bytes: Uint8Array; mediaType: string; width: number; height: number }>>;
  store(id: string, bytes: Uint8Array): Promise<void>;
  /** Takes back what `store` kept, for want of a row that names it. */
  remove(id: string): Promise<void>;
  /** Null when there is none. The id is a UUID that a query returned, never user text. */
  load(id: string): Promise<Uint8Array | null>;
  /** Its bytes; null when there is none. */
  size(id: string): Promise<number | null>;
  /**
   * A picture in parts of exactly so many bytes, the last one shorter, each read when it is
   * asked for; the file is closed when no more are. Throws when there is none.
   */
  read(id: string, bytesAtOnce: number): AsyncIterable<Uint8Array>;
}
