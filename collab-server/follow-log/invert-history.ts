/**
 * Restore as a forward edit: history is inverted, never replaced (versions guide §1.4).
 * A temporary document stands at the old version, takes in everything since, and undoes
 * it under a fresh client id; what that undo wrote is the restoring edit. Unchanged
 * text keeps its Yjs ids, and with them its authors and, later, its comments.
 *
 * Text that comes back is text under new ids. Yjs notes in `redone` which old item each
 * new one repeats, in the temporary document alone, so it is read out here and stored
 * as carry rows with the edit (rulings 18).
 */
import * as Y from "yjs";
import { contentHash } from "../../app/document/canonical.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import type { Carry } from "./author-of.ts";
import type { IdRanges } from "./id-ranges.ts";
import {
  deletedRanges,
  documentAt,
  historyDocument,
  rangesBelow,
  textOf,
  textRanges,
} from "./yjs-history.ts";

export type Inverse = { readonly update: Uint8Array; readonly carry: readonly Carry[] };

/**
 * The edit that makes `present` read like the snapshot, written under `clientId`, which
 * must be new to the document. Null where nothing needs to change. Throws where the
 * result would not be exactly the version: nothing has been stored then.
 */
export function invertHistory(present: Y.Doc, snapshot: Y.Snapshot, clientId: number): Inverse | null {
  const past = documentAt(present, snapshot);
  past.clientID = clientId;
  const target = hashOf(past);
  const since = Symbol("since");
  const undo = new Y.UndoManager(past, {
    captureTimeout: Number.MAX_SAFE_INTEGER,
    trackedOrigins: new Set([since]),
  });
  Y.applyUpdate(past, Y.encodeStateAsUpdate(present), since);
  let update: Uint8Array | null = null;
  past.on("update", (bytes: Uint8Array) => {
    update = bytes;
  });
  undo.undo();
  if (update === null) return null;

  const check = historyDocument();
  Y.applyUpdate(check, Y.encodeStateAsUpdate(present));
  Y.applyUpdate(check, update);
  const isExact = hashOf(check) === target;
  const carry = carryRows(past, clientId);
  check.destroy();
  past.destroy();
  if (!isExact) throw new Error("The inverted history does not read like the version");
  return { update, carry };
}

/** New ids of this edit and the older ids they repeat, neighbours joined. */
function carryRows(past: Y.Doc, clientId: number): readonly Carry[] {
  const rows: Carry[] = [];
  for (const [client, structs] of past.store.clients)
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.redone === null || struct.redone.client !== clientId)
        continue;
      if (!struct.countable || struct.parentSub !== null) continue;
      rows.push({
        toClient: clientId,
        toClock: struct.redone.clock,
        length: struct.length,
        fromClient: client,
        fromClock: struct.id.clock,
      });
    }
  rows.sort((a, b) => a.toClock - b.toClock);
  const joined: Carry[] = [];
  for (const row of rows) {
    const last = joined[joined.length - 1];
    const follows =
      last !== undefined &&
      last.fromClient === row.fromClient &&
      last.toClock + last.length === row.toClock &&
      last.fromClock + last.length === row.fromClock;
    if (follows) joined[joined.length - 1] = { ...last, length: last.length + row.length };
    else joined.push(row);
  }
  return joined;
}

/**
 * Text that people wrote while a restore was under way and whose block the restore
 * removed: nobody deleted it, yet it cannot be seen. `written` lies above
 * `stateBefore`; `deletedByHand` is what rows since then deleted by name.
 */
export function keptApart(
  doc: Y.Doc,
  stateBefore: ReadonlyMap<number, number>,
  restoreClient: number,
  deletedByHand: IdRanges,
): readonly string[] {
  const below = new Map(stateBefore);
  below.set(restoreClient, Number.MAX_SAFE_INTEGER);
  const written = textRanges(doc).minus(rangesBelow(below));
  return textOf(doc, written.and(deletedRanges(doc)).minus(deletedByHand)).filter(
    (text) => text.trim() !== "",
  );
}

function hashOf(doc: Y.Doc): string {
  const content = readDocument(doc);
  return contentHash(content.json, content.maps);
}
