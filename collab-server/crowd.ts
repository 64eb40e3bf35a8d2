/**
 * How many connections a person and a document have, counted as they come and go, and how
 * often a person opens one (promise W7). Kept in memory: an upgrade is no reason to write
 * to the disk, and everybody comes back at once after a restart.
 */
import { limits } from "../app/document/wire.ts";
import { Allowance } from "./allowance.ts";
import type { Grant } from "./handshake.ts";

type Who = Pick<Grant, "userId"> & { readonly document: { readonly id: string } };

/** Connections one person may open: so many at once, so many a second after that. */
export interface Opens {
  readonly atOnce: number;
  readonly perSecond: number;
}

export class Crowd {
  readonly #ofUser = new Map<string, number>();
  readonly #ofDocument = new Map<string, number>();
  readonly #opens = new Map<string, Allowance>();
  readonly #limit: Opens;

  constructor(limit: Opens) {
    this.#limit = limit;
  }

  /** What is full for one more connection, if anything. */
  fullFor({ userId, document }: Who): "user" | "document" | null {
    if ((this.#ofUser.get(userId) ?? 0) >= limits.socketsPerUser) return "user";
    return (this.#ofDocument.get(document.id) ?? 0) >= limits.socketsPerDocument ? "document" : null;
  }

  /** Counts that a person opens one more connection; false when they do it too often. */
  opens(userId: string, now: number): boolean {
    const known = this.#opens.get(userId);
    const allowance = known ?? new Allowance(this.#limit.atOnce, this.#limit.perSecond);
    if (known === undefined) this.#opens.set(userId, allowance);
    return allowance.take(now);
  }

  /** How long until a person may open one more, ms; 0 where they may now. */
  waitMs(userId: string, now: number): number {
    return this.#opens.get(userId)?.waitMs(now) ?? 0;
  }

  /** Forgets those whose count says nothing any more. */
  sweep(now: number): void {
    for (const [userId, allowance] of this.#opens) if (allowance.isWhole(now)) this.#opens.delete(userId);
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
