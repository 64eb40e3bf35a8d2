/** How many connections a person and a document have, counted as they come and go (promise W7). */
import { limits } from "../app/document/wire.ts";
import type { Grant } from "./handshake.ts";

type Who = Pick<Grant, "userId"> & { readonly document: { readonly id: string } };

export class Crowd {
  readonly #ofUser = new Map<string, number>();
  readonly #ofDocument = new Map<string, number>();

  /** What is full for one more connection, if anything. */
  fullFor({ userId, document }: Who): "user" | "document" | null {
    if ((this.#ofUser.get(userId) ?? 0) >= limits.socketsPerUser) return "user";
    return (this.#ofDocument.get(document.id) ?? 0) >= limits.socketsPerDocument ? "document" : null;
  }

  came({ userId, document }: Who): void {
    count(this.#ofUser, userId, 1);
    count(this.#ofDocument, document.id, 1);
  }

  went({ userId, document }: Who): void {
    count(this.#ofUser, userId, -1);
    count(this.#ofDocument, document.id, -1);
  }
}

function count(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const now = (counts.get(key) ?? 0) + by;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
