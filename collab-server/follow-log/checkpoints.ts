/**
 * Checkpoints: the garbage-collected state a newcomer is sent, so that opening stays
 * quick however long a document was worked on (promise D19) and text deleted before
 * does not travel. Made when the last person leaves and at least every 500 rows.
 *
 * Rows of the log are never dropped. The checkpoint before stays until the new one was
 * loaded again from disk and found equal; a crash between any two steps leaves at least
 * one good one.
 */
import type BetterSqlite3 from "better-sqlite3";
import * as Y from "yjs";
import { contentHash } from "../../app/document/canonical.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import { deleteSetOf } from "../../db/update-log/delete-set.ts";
import type { Held } from "./held-documents.ts";
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

  newestSeq(document: number): number {
    return (
      (prepared(this.#sqlite, "select max(seq) from checkpoint where document = ?").pluck().get(document) as
        | number
        | null) ?? 0
    );
  }

  /**
   * Makes, proves and only then relies on a checkpoint at the row where `held` stands.
   * False where there is one already.
   */
  make(held: Held, epoch: string, at: number): boolean {
    const newest = this.newestSeq(held.number);
    const isThere = newest === held.seq;
    // One more than are kept: a crash came between making it and proving it.
    if (newest > held.seq || (isThere && this.#count(held.number) <= keptCheckpoints)) return false;
    // A row that cannot be read now may come back from a backup; a checkpoint over it
    // would make the hole look like the document.
    if (held.damaged.some((seq) => seq > held.mendedTo)) return false;
    if (!isThere) this.#insert(held, epoch, at);
    this.#fault("checkpoint: inserted");
    if (!this.#reads(held)) {
      prepared(this.#sqlite, "delete from checkpoint where document = ? and seq = ?").run(
        held.number,
        held.seq,
      );
      throw new Error(`Checkpoint of document ${held.number} at ${held.seq} does not read like the document`);
    }
    this.#fault("checkpoint: verified");
    prepared(
      this.#sqlite,
      `delete from checkpoint where document = ? and seq < (
           select min(seq) from (select seq from checkpoint where document = ? order by seq desc limit ?))`,
    ).run(held.number, held.number, keptCheckpoints);
    this.#fault("checkpoint: older ones removed");
    return true;
  }

  #count(document: number): number {
    return prepared(this.#sqlite, "select count(*) from checkpoint where document = ?")
      .pluck()
      .get(document) as number;
  }

  #insert(held: Held, epoch: string, at: number): void {
    const collected = collectedDocument();
    Y.applyUpdate(collected, Y.encodeStateAsUpdate(held.doc));
    const state = Y.encodeStateAsUpdate(collected);
    collected.destroy();
    this.#fault("checkpoint: before insert");
    prepared(
      this.#sqlite,
      `insert into checkpoint (document, seq, epoch, log_id, state, state_vector, delete_set, at)
         values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      held.number,
      held.seq,
      epoch,
      held.logId,
      state,
      Y.encodeStateVectorFromUpdate(state),
      deleteSetOf(state),
      at,
    );
  }

  /** Is what is on disk the document? */
  #reads(held: Held): boolean {
    const state = prepared(this.#sqlite, "select state from checkpoint where document = ? and seq = ?")
      .pluck()
      .get(held.number, held.seq) as Buffer;
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
