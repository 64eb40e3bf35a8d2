/** Time that moves only when a test says so. */
import type { Timers } from "../timers.ts";

interface Entry {
  at: number;
  readonly every: number | null;
  readonly call: () => void;
}

export class ManualTimers implements Timers {
  #now: number;
  readonly #entries = new Set<Entry>();

  constructor(start = 1_750_000_000_000) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  get waiting(): number {
    return this.#entries.size;
  }

  after(ms: number, call: () => void): () => void {
    return this.#add({ at: this.#now + ms, every: null, call });
  }

  every(ms: number, call: () => void): () => void {
    return this.#add({ at: this.#now + ms, every: ms, call });
  }

  /** Moves time on, calling what falls due in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      let next: Entry | null = null;
      for (const entry of this.#entries)
        if (entry.at <= end && (next === null || entry.at < next.at)) next = entry;
      if (next === null) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.every === null) this.#entries.delete(next);
      else next.at += next.every;
      next.call();
    }
    this.#now = end;
  }

  #add(entry: Entry): () => void {
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }
}
