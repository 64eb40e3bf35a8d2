/**
 * How far each follower has read: one place in the log for all documents, and a place
 * of its own for each document that it had to leave behind. As stored: whatever lies
 * behind a cursor is read again after a crash, and what lies before it never is.
 */
import { type Follower, type FollowerTables, followers } from "./follower-tables.ts";

/** One step of a follower, written in the transaction of its effects. */
export type Advance = {
  readonly name: Follower;
  readonly to: number;
  readonly at: number;
  /** Documents that do not come along, and why. Those left behind before stay where they are. */
  readonly leaves: ReadonlyMap<number, string>;
  /** Documents that were behind and are not any more. */
  readonly caughtUp: readonly number[];
};

export class Cursors {
  readonly #tables: FollowerTables;
  #all: Record<Follower, number>;
  #behind: Record<Follower, Map<number, number>>;

  constructor(tables: FollowerTables) {
    this.#tables = tables;
    this.#all = tables.cursors();
    this.#behind = tables.leftBehind();
  }

  /** As another reader of the tables would find them now. */
  readAgain(): void {
    this.#all = this.#tables.cursors();
    this.#behind = this.#tables.leftBehind();
  }

  /** Where a follower stands for all documents but those it left behind. */
  all(name: Follower): number {
    return this.#all[name];
  }

  /** Where a follower stands for this document. */
  of(name: Follower, document: number): number {
    const { size } = this.#behind[name];
    return (size === 0 ? undefined : this.#behind[name].get(document)) ?? this.#all[name];
  }

  get earliest(): number {
    return Math.min(...followers.map((name) => this.#all[name]));
  }

  earliestOf(document: number): number {
    return Math.min(...followers.map((name) => this.of(name, document)));
  }

  isBehind(name: Follower, document: number): boolean {
    return this.#behind[name].has(document);
  }

  behind(name: Follower): readonly number[] {
    return [...this.#behind[name].keys()];
  }

  /** Every document that some follower left behind. */
  allBehind(): ReadonlySet<number> {
    return new Set(followers.flatMap((name) => this.behind(name)));
  }

  /** Inside the transaction of the follower's effects; `committed` says that it went through. */
  write({ name, to, at, leaves, caughtUp }: Advance): void {
    for (const [document, fault] of leaves)
      if (!this.isBehind(name, document))
        this.#tables.leaveBehind({ name, document, logId: this.#all[name], fault, at });
    for (const document of caughtUp) this.#tables.takeAlong(name, document);
    this.#tables.setCursor(name, to, at);
  }

  committed({ name, to, leaves, caughtUp }: Advance): void {
    for (const document of leaves.keys())
      if (!this.isBehind(name, document)) this.#behind[name].set(document, this.#all[name]);
    for (const document of caughtUp) this.#behind[name].delete(document);
    this.#all[name] = to;
  }
}
