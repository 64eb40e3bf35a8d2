/**
 * What this browser holds of a document from before the page: the work of earlier page
 * loads that no server has confirmed, and copies of a history that was replaced. Decides
 * what becomes of each: sent, shown to its person, or forgotten.
 */
import * as Y from "yjs";
import type { Recovery } from "../domain/recovery.ts";
import { copyNamed, deleteCopy, earlierCopies } from "./local-copies.ts";
import { holdsMoreThan, wordsOf } from "./replaced-copies.ts";

/** Why words stayed on this device: another history took their place, or writing was not allowed any more. */
export type WhyLeftBehind = "history-replaced" | "right-lost";

/** Words of this device that no server has, to take along before they are removed. */
export type LeftBehind = { readonly text: string; readonly why: WhyLeftBehind };

/** A copy that may be shown to its person. */
type LeftCopy = { readonly name: string; readonly update: Uint8Array; readonly why: WhyLeftBehind };

export type EarlierWorkOptions = {
  readonly documentId: string;
  readonly epoch: string;
  readonly userId: string;
  readonly canWrite: boolean;
  /** Null: not known, without the server. */
  readonly recovery: Recovery | null;
  readonly document: Y.Doc;
};

export type EarlierWorkListener = {
  /** So many changes were taken over into the text and wait for the server. */
  readonly onTakenOver: (changes: number) => void;
  readonly onLeftBehind: (left: LeftBehind | null) => void;
};

/** Origin of what an earlier copy brings: unlike the store's it is kept, unlike the server's sent. */
const fromEarlierCopy = "earlier-copy";

export function earlierWork(options: EarlierWorkOptions, on: EarlierWorkListener) {
  const { document } = options;
  let clientIds: readonly number[] = [];
  let changes = 0;
  let isClosed = false;
  let left: LeftBehind | null = null;
  /** Copies of an earlier history: taken over and not confirmed yet, or shown to be taken along. */
  let takenOver: readonly string[] = [];
  let shown: readonly string[] = [];
  /** Copies that may hold more than the server does: judged once its text is here. */
  const doubtful: LeftCopy[] = [];

  const show = (copy: LeftCopy) => {
    shown = [...shown, copy.name];
    const before = left === null ? "" : `${left.text}\n\n`;
    left = { text: before + wordsOf(copy.update), why: left?.why ?? copy.why };
    on.onLeftBehind(left);
  };

  return {
    /** Client ids of earlier pages whose work the server has not confirmed. */
    clientIds: () => clientIds,
    /** How many changes of them were found in this history's own copy. */
    changes: () => changes,
    hasBrought: (origin: unknown) => origin === fromEarlierCopy,

    /** Takes note of what this history's own copy holds: changes by client id. Answers how many. */
    found(unsynced: ReadonlyMap<number, number>): number {
      clientIds = [...unsynced.keys()];
      changes = [...unsynced.values()].reduce((sum, count) => sum + count, 0);
      return changes;
    },

    /**
     * What somebody wrote before their right to write ended, and no server confirmed. Inside
     * the text it would look stored, so it is shown beside it; the copy stays as it is, and
     * is sent should the right come back. True where there is such a copy.
     */
    async meetUnsentOfReader(name: string): Promise<boolean> {
      // Without the server nobody knows what may be written.
      if (options.canWrite || options.recovery === null) return false;
      const copy = await copyNamed(name);
      if (copy === null || copy.update === null || copy.unsynced.length === 0) return false;
      doubtful.push({ name, update: copy.update, why: "right-lost" });
      return true;
    },

    /**
     * Copies from before the server's history was replaced. After a backup was brought back
     * they are offered to it; where that is no longer taken, what they hold beyond it is
     * shown to the person. After a purge nothing of them may return by itself: what the
     * server once had is forgotten, what it never had is shown.
     */
    async meetReplacedCopies(): Promise<void> {
      // Without the server nobody knows what became of the history: all stays where it is.
      if (options.recovery === null) return;
      const copies = await earlierCopies(options.userId, options.documentId, options.epoch);
      if (isClosed) return;
      for (const { name, update, unsynced } of copies) {
        if (update === null) continue;
        if (options.recovery === "under-way" && options.canWrite) {
          on.onTakenOver(Math.max(1, unsynced.length));
          clientIds = [...new Set([...clientIds, ...unsynced])];
          Y.applyUpdate(document, update, fromEarlierCopy);
          takenOver = [...takenOver, name];
        } else if (unsynced.length > 0) show({ name, update, why: "history-replaced" });
        else if (options.recovery === "none") deleteCopy(name);
        else doubtful.push({ name, update, why: "history-replaced" });
      }
    },

    /** The server's text is here: what it does not hold is shown. */
    judge(): void {
      for (const copy of doubtful.splice(0)) {
        if (holdsMoreThan(copy.update, document)) show(copy);
        else if (copy.why === "history-replaced") deleteCopy(copy.name);
      }
    },

    /** The server has confirmed everything. Answers the client ids that this was true of. */
    confirmed(): readonly number[] {
      const ended = clientIds;
      clientIds = [];
      changes = 0;
      for (const name of takenOver) deleteCopy(name);
      takenOver = [];
      return ended;
    },

    /** Removes from this device what was shown. */
    forgetShown(): void {
      for (const name of shown) deleteCopy(name);
      shown = [];
      left = null;
      on.onLeftBehind(null);
    },

    close(): void {
      isClosed = true;
    },
  };
}
