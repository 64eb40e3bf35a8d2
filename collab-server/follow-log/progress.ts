/**
 * How far following has come: in memory (`readTo`), on disk (`cursors`), and which
 * documents do not come along (`aside`). Decides what a follower's next transaction
 * says of its place in the log.
 */
import { type Advance, Cursors } from "./cursors.ts";
import type { Follower, FollowerTables } from "./follower-tables.ts";
import type { Failure, SetAside } from "./set-aside.ts";

const none: ReadonlyMap<number, Failure> = new Map();

export class Progress {
  readonly cursors: Cursors;
  readonly aside: SetAside;
  /** Everything up to here is in memory, but for documents of `again` and those set aside. */
  readTo: number;
  /** Documents to be read again from their own cursors before anything is said of them. */
  readonly again: Set<number>;

  constructor(tables: FollowerTables, aside: SetAside) {
    this.cursors = new Cursors(tables);
    this.aside = aside;
    this.readTo = this.cursors.earliest;
    // As after every restart: what was left behind is tried again.
    this.again = new Set(this.cursors.allBehind());
  }

  /** A follower's tables were emptied: the log is read from its first row. */
  startAgain(): void {
    this.cursors.readAgain();
    this.aside.forget();
    this.readTo = this.cursors.earliest;
    this.again.clear();
  }

  /** Has a follower something to say in a transaction? */
  isUnwritten(name: Follower): boolean {
    if (this.cursors.all(name) < this.readTo || this.#caughtUp(name).length > 0) return true;
    return [...this.aside.of(name).keys()].some((document) => !this.cursors.isBehind(name, document));
  }

  /** The follower's next step. `refused`: documents whose effects its tables just refused. */
  advance(name: Follower, at: number, refused: ReadonlyMap<number, Failure> = none): Advance {
    const leaves = new Map(this.aside.of(name));
    for (const [document, { fault }] of refused) leaves.set(document, fault);
    return {
      name,
      // While another follower reads the log again from the start, this one stays where it was.
      to: Math.max(this.cursors.all(name), this.readTo),
      at,
      leaves,
      caughtUp: this.#caughtUp(name).filter((document) => !leaves.has(document)),
    };
  }

  #caughtUp(name: Follower): readonly number[] {
    if (this.readTo < this.cursors.all(name)) return [];
    return this.cursors
      .behind(name)
      .filter((document) => !this.again.has(document) && !this.aside.has(name, document));
  }
}
