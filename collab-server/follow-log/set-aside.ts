/**
 * Documents that are set aside just now, and the part of following that fails on them.
 * One that cannot even be read is aside for every follower. It is told once, tried
 * again when it gets new rows or after a restart, and told once more when it is
 * followed again. Trying may be dear (a long history is read anew), so it takes a
 * twentieth of the time at most and the others keep theirs.
 */
import type { Database } from "better-sqlite3";
import { faultOf, isStoresFault } from "./documents-fault.ts";
import type { Follower } from "./follower-tables.ts";

export type Part = Follower | "reading";

/** What is told of a document: which part fails on it, and how (`faultOf`); null: it works again. */
export type Aside = { readonly document: number; readonly part: Part; readonly fault: string | null };

/** `startedAt`: by the clock, when the work that failed began. */
export type Failure = { readonly fault: string; readonly startedAt: number };

type Entry = {
  readonly document: number;
  readonly part: Part;
  readonly fault: string;
  tryAt: number;
  hasNews: boolean;
};

/** What must work before a part can. Versions name who deleted what, which authorship records. */
const needs: Readonly<Record<Part, readonly Part[]>> = {
  reading: ["reading"],
  authorship: ["authorship", "reading"],
  versions: ["versions", "authorship", "reading"],
  search: ["search", "reading"],
  checkpoints: ["checkpoints", "reading"],
  archive: ["archive", "reading"],
};
/** So many times as long as it took to fail, it is left alone. */
const restFactor = 20;

export interface SetAsideOptions {
  readonly sqlite: Database;
  /** Ms, from any steady clock. */
  readonly clock: () => number;
  readonly tell: (aside: Aside) => void;
  /** Called as a document is set aside: what was made of it in memory is not to be stored. */
  readonly onPut: (part: Part, document: number) => void;
}

export class SetAside {
  readonly #options: SetAsideOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #told = new Map<string, { readonly document: number; readonly part: Part }>();

  constructor(options: SetAsideOptions) {
    this.#options = options;
  }

  /**
   * Does work on one document. False where it failed and the document is set aside; a
   * fault of the store's is thrown.
   */
  attempt(part: Part, document: number, work: () => void): boolean {
    const startedAt = this.#options.clock();
    try {
      work();
      return true;
    } catch (error) {
      if (isStoresFault(error, this.#options.sqlite)) throw error;
      this.put(part, document, { fault: faultOf(error), startedAt });
      return false;
    }
  }

  /**
   * Stores the effects of each document by itself, inside a follower's transaction: what
   * the tables refuse of one takes along only that one. Gives back the refused; they are
   * to be `put` aside when the transaction has gone through.
   */
  storeEach(documents: Iterable<number>, store: (document: number) => void): Map<number, Failure> {
    const refused = new Map<number, Failure>();
    for (const document of documents) {
      const startedAt = this.#options.clock();
      try {
        // Nested in the follower's transaction, this is a savepoint.
        this.#options.sqlite.transaction(() => store(document))();
      } catch (error) {
        if (isStoresFault(error, this.#options.sqlite)) throw error;
        refused.set(document, { fault: faultOf(error), startedAt });
      }
    }
    return refused;
  }

  put(part: Part, document: number, { fault, startedAt }: Failure): void {
    const key = `${part} ${document}`;
    this.#entries.set(key, { document, part, fault, tryAt: this.#restFrom(startedAt), hasNews: false });
    this.#options.onPut(part, document);
    if (this.#told.has(key)) return;
    this.#told.set(key, { document, part });
    this.#options.tell({ document, part, fault });
  }

  /** All that was done since `startedAt` belonged to a try that failed. */
  rest(document: number, startedAt: number): void {
    for (const entry of this.#entries.values())
      if (entry.document === document) entry.tryAt = Math.max(entry.tryAt, this.#restFrom(startedAt));
  }

  /** It is about to be tried again. */
  lift(part: Part, document: number): void {
    this.#entries.delete(`${part} ${document}`);
  }

  /** What works again of this part is told, if it was told before that it did not. */
  settle(part: Part): void {
    for (const [key, told] of this.#told)
      if (told.part === part && !this.has(part, told.document)) {
        this.#told.delete(key);
        this.#options.tell({ ...told, fault: null });
      }
  }

  /** Is this part, or one that it needs, failing on the document? */
  has(part: Part, document: number): boolean {
    return this.#entries.size > 0 && needs[part].some((one) => this.#entries.has(`${one} ${document}`));
  }

  /** All documents that a follower cannot take along, with the reason. */
  of(name: Follower): ReadonlyMap<number, string> {
    const found = new Map<number, string>();
    for (const { document, part, fault } of this.#entries.values())
      if (needs[name].includes(part)) found.set(document, fault);
    return found;
  }

  /** The document got new rows. */
  news(document: number): void {
    for (const entry of this.#entries.values()) if (entry.document === document) entry.hasNews = true;
  }

  /** May this part work on the document: because nothing fails, or to try it again? */
  isReady(part: Part, document: number): boolean {
    return (
      this.#entries.size === 0 ||
      needs[part].every((one) => (one === part ? this.#mayTry(part, document) : !this.has(one, document)))
    );
  }

  /** As for trying it again, but somebody asks for it, and that is news enough. */
  hasRested(part: Part, document: number): boolean {
    const entry = this.#entries.get(`${part} ${document}`);
    return entry === undefined || this.#options.clock() >= entry.tryAt;
  }

  /** Documents on which one of these parts fails and may be tried again. */
  due(parts: readonly Part[]): readonly number[] {
    const due = [...this.#entries.values()].filter(
      ({ part, document }) => parts.includes(part) && this.#mayTry(part, document),
    );
    return [...new Set(due.map(({ document }) => document))];
  }

  /** As after a restart: everything may be tried. What was told stays told. */
  forget(): void {
    this.#entries.clear();
  }

  /** There is something new, and it was left alone for long enough. */
  #mayTry(part: Part, document: number): boolean {
    const entry = this.#entries.get(`${part} ${document}`);
    return entry === undefined || (entry.hasNews && this.#options.clock() >= entry.tryAt);
  }

  #restFrom(startedAt: number): number {
    const now = this.#options.clock();
    return now + restFactor * (now - startedAt);
  }
}

/** Parts that hang on reading the rows in order: when one is tried again, they are read again. */
export const readingParts: readonly Part[] = ["reading", "authorship", "versions"];
