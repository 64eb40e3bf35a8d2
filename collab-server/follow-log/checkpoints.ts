/**
 * Checkpoints: the garbage-collected state a newcomer is sent, so that opening stays
 * quick however long a document was worked on (promise D19) and text deleted before
 * does not travel. Made when the last person leaves and at least every 500 rows.
 *
 * Rows of the log are never dropped. The checkpoint before stays until the new one was
 * loaded again from disk, fitted its hash and was found equal; a crash between any two
 * steps leaves at least one good one. Damaged ones count for nothing and go when a new one
 * stands.
 */
import type BetterSqlite3 from "better-sqlite3";
import * as Y from "yjs";
import { contentHash } from "../../app/document/canonical.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import { hashedCheckpoint } from "../../db/update-log/checkpoint-hash.ts";
import { deleteSetOf } from "../../db/update-log/delete-set.ts";
import { checkpointsOf, insertCheckpoint } from "../../db/update-log/stored-checkpoints.ts";
import { piecesOf } from "../checkpoint-pieces.ts";
import type { DocumentFacts, Held } from "./held-documents.ts";
import { prepared } from "./prepared.ts";
import { collectedDocument } from "./yjs-history.ts";

/** Called at every step that a crash could separate from the next; tests throw here. */
export type Fault = (step: string) => void;

/** At least this often, in rows of one document. */
export const checkpointRows = 500;
/** How many are kept: the newest, and the one before in case the newest is damaged later. */
const keptCheckpoints = 2;

export class Checkpoints {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #fault: Fault;

  constructor(sqlite: BetterSqlite3.Database, fault: Fault) {
    this.#sqlite = sqlite;
    this.#fault = fault;
  }

  /** The newest there is, damaged or not: cheap, for counting rows since. */
  newestSeq(document: number): number {
    return (
      (prepared(this.#sqlite, "select max(seq) from checkpoint where document = ?").pluck().get(document) as
        | number
        | null) ?? 0
    );
  }

  /**
   * Makes, proves and only then relies on a checkpoint at the row where `held` stands.
   * False where there is a good one already, or none can be made.
   */
  make(held: Held, facts: DocumentFacts, at: number): boolean {
    const standing = [...checkpointsOf(this.#sqlite, held.number)].map(({ seq, proved }) => ({
      seq,
      isProved: proved !== null,
    }));
    const proved = standing.filter(({ isProved }) => isProved).map(({ seq }) => seq);
    const newest = proved[0] ?? 0;
    const isThere = newest === held.seq;
    // One more than are kept: a crash came between making it and proving it.
    const isTidy = proved.length === standing.length && standing.length <= keptCheckpoints;
    if (newest > held.seq || (isThere && isTidy)) return false;
    // A row that cannot be read now may come back from a backup; a checkpoint over it
    // would make the hole look like the document.
    if (held.damaged.some((seq) => seq > held.mendedTo)) return false;
    if (!isThere) this.#insert(held, facts, at);
    this.#fault("checkpoint: inserted");
    if (!this.#reads(held)) {
      this.#remove(held.number, held.seq);
      throw new Error(`Checkpoint of document ${held.number} at ${held.seq} does not read like the document`);
    }
    this.#fault("checkpoint: verified");
    const kept = [held.seq, ...proved.filter((seq) => seq !== held.seq)].slice(0, keptCheckpoints);
    for (const { seq } of standing) if (!kept.includes(seq)) this.#remove(held.number, seq);
    this.#fault("checkpoint: older ones removed");
    return true;
  }

  #remove(document: number, seq: number): void {
    prepared(this.#sqlite, "delete from checkpoint where document = ? and seq = ?").run(document, seq);
  }

  #insert(held: Held, facts: DocumentFacts, at: number): void {
    const collected = collectedDocument();
    Y.applyUpdate(collected, Y.encodeStateAsUpdate(held.doc));
    const state = Y.encodeStateAsUpdate(collected);
    collected.destroy();
    const row = hashedCheckpoint(
      { documentId: facts.id, schemaNumber: facts.schemaNumber },
      {
        document: held.number,
        seq: held.seq,
        epoch: facts.epoch,
        log_id: held.logId,
        state,
        state_vector: Y.encodeStateVectorFromUpdate(state),
        delete_set: deleteSetOf(state),
        pieces: piecesOf(state),
        at,
      },
    );
    this.#fault("checkpoint: before insert");
    this.#sqlite
      .transaction(() => {
        // A damaged one may stand in its place; until now it was as good as not there.
        this.#remove(held.number, held.seq);
        prepared(this.#sqlite, insertCheckpoint).run(row);
      })
      .immediate();
  }

  /** Is what is on disk the document? */
  #reads(held: Held): boolean {
    let state: Uint8Array | null = null;
    for (const { seq, proved } of checkpointsOf(this.#sqlite, held.number))
      if (seq === held.seq) state = proved?.state ?? null;
    if (state === null) return false;
    const again = collectedDocument();
    try {
      Y.applyUpdate(again, state);
      const expected = readDocument(held.doc);
      const found = readDocument(again);
      return contentHash(found.json, found.maps) === contentHash(expected.json, expected.maps);
    } catch {
      return false;
    } finally {
      again.destroy();
    }
  }
}
