/**
 * Leases of Yjs client ids: each id of a lineage belongs to one user for ever (rulings
 * 8, promise W10). The table decides; what it once said never changes and is kept in
 * memory. Called inside the writer's transaction: `keep` after its commit, `forget`
 * after a rollback.
 */
import type BetterSqlite3 from "better-sqlite3";
import type { SourceFacts } from "./chain.ts";
import type { LeaseOrder } from "./messages.ts";

/** Lineages remembered at once; the table is asked again for others. */
const lineagesMax = 500;

export class Leases {
  readonly #owner: BetterSqlite3.Statement<[string, number]>;
  readonly #isVerified: BetterSqlite3.Statement<[string, number]>;
  readonly #insert: BetterSqlite3.Statement<
    [string, number, string, string | null, string | null, number, number]
  >;
  readonly #kept = new Map<string, Map<number, string>>();
  #fresh: [lineage: string, clientId: number, owner: string][] = [];

  constructor(sqlite: BetterSqlite3.Database) {
    this.#owner = sqlite
      .prepare("select user_id from client_lease where lineage = ? and client_id = ?")
      .pluck();
    this.#isVerified = sqlite
      .prepare("select is_verified from client_lease where lineage = ? and client_id = ?")
      .pluck();
    this.#insert = sqlite.prepare(
      `insert into client_lease (lineage, client_id, user_id, side, session_id, issued_at, is_verified)
       values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    );
  }

  /** Whose id is it? Null: nobody's yet. */
  ownerOf(lineage: string, clientId: number): string | null {
    const kept = this.#kept.get(lineage)?.get(clientId);
    if (kept !== undefined) return kept;
    const owner = (this.#owner.get(lineage, clientId) as string | undefined) ?? null;
    if (owner !== null) this.#fresh.push([lineage, clientId, owner]);
    return owner;
  }

  /**
   * Takes what is free; gives back the ids that are somebody else's. An id that a
   * recovery epoch took from another person's copy turns nobody away: whose it is was
   * never proved, and it stays "author not verified".
   */
  take(order: LeaseOrder): number[] {
    return order.clientIds.filter((clientId) => {
      const owner = this.ownerOf(order.lineage, clientId);
      if (owner !== null)
        return owner !== order.userId && this.#isVerified.get(order.lineage, clientId) === 1;
      this.#insert.run(order.lineage, clientId, order.userId, order.side, order.sessionId, order.at, 1);
      return false;
    });
  }

  /** In a recovery epoch: an id that the restored backup has never seen, "author not verified". */
  takeUnverified(source: SourceFacts, clientId: number, at: number): void {
    this.#insert.run(source.lineage, clientId, source.user_id, source.side, source.session_id, at, 0);
  }

  keep(): void {
    for (const [lineage, clientId, owner] of this.#fresh) {
      let known = this.#kept.get(lineage);
      if (known === undefined) {
        if (this.#kept.size >= lineagesMax) this.#kept.clear();
        known = new Map();
        this.#kept.set(lineage, known);
      }
      known.set(clientId, owner);
    }
    this.#fresh = [];
  }

  forget(): void {
    this.#fresh = [];
  }
}
