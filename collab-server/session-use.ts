/**
 * Typing is use of a session, as opening a page is: who writes for an hour on a shared
 * computer is not signed out, and who leaves it is (promise W12). It is noted once in
 * five minutes at most, elsewhere than on the way of the edit, so no keystroke waits.
 */
import { touchEvery } from "../app/operations/read-session.ts";

export class SessionUse {
  readonly #now: () => number;
  readonly #note: (sessionId: string, at: number) => void;
  readonly #notedAt = new Map<string, number>();

  /** `note` writes it down; it must neither block nor throw. */
  constructor(now: () => number, note: (sessionId: string, at: number) => void) {
    this.#now = now;
    this.#note = note;
  }

  /** Somebody wrote in this session. */
  wrote(sessionId: string): void {
    const now = this.#now();
    if (now - (this.#notedAt.get(sessionId) ?? Number.NEGATIVE_INFINITY) < touchEvery) return;
    this.#notedAt.set(sessionId, now);
    this.#note(sessionId, now);
  }

  /** Forgets what is so old that it holds nothing back. */
  sweep(): void {
    const now = this.#now();
    for (const [sessionId, at] of this.#notedAt) if (now - at >= touchEvery) this.#notedAt.delete(sessionId);
  }
}
