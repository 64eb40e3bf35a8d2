/**
 * Yjs documents that remember everything: the only place that knows how the history's
 * documents are made, folded and read. Pinned to Yjs 13.6: `redone` and the struct store
 * are its internals, held by the tests beside this file.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import * as Y from "yjs";
import { keepMarksAsWritten } from "../../app/document/marks-as-written.ts";
import { IdRanges } from "./id-ranges.ts";

/** Never stored. Drawing a fresh one for each document took longer than filling it. */
const guid = "history";

/**
 * A document that keeps deleted text and never writes. `gc: false` from the first
 * update on: what was collected once can never come back, and `createDocFromSnapshot`
 * throws. A reader of the log leaves marks as written, or its state would hold deletions
 * that no row of the log made.
 */
export function historyDocument(): Y.Doc {
  return keepMarksAsWritten(new Y.Doc({ gc: false, guid }));
}

/** A garbage-collected document for checkpoints, which never writes either. */
export function collectedDocument(): Y.Doc {
  return keepMarksAsWritten(new Y.Doc({ gc: true, guid }));
}

/** Throws where history could not be kept: two copies of Yjs, or one that always collects. */
export function assertYjsKeepsHistory(): void {
  const doc = historyDocument();
  if (doc.gc) throw new Error("The history's documents must be made with gc: false");
  doc.getText("probe").insert(0, "kept");
  const before = Y.snapshot(doc);
  doc.getText("probe").delete(0, 4);
  const back = Y.createDocFromSnapshot(doc, before, historyDocument()).getText("probe").toString();
  if (back !== "kept") throw new Error("This Yjs does not give back deleted text; check its version");
}

const foldWidth = 50;

/**
 * Merges updates as a tree of at most 50 at a time. A flat list is quadratic: 60,000
 * updates did not finish in a minute, as a tree they took 0.2 s (versions guide §1.1).
 */
export function foldUpdates(updates: readonly Uint8Array[]): Uint8Array {
  let level = updates;
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += foldWidth)
      next.push(Y.mergeUpdates(level.slice(at, at + foldWidth) as Uint8Array[]));
    level = next;
  }
  return level[0] ?? new Uint8Array([0, 0]);
}

/** The whole history as bytes, for as long as a document waits in memory. */
export function plainState(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdateV2(doc);
}

/** A document with the history that `plainState` gave. */
export function documentOf(state: Uint8Array): Y.Doc {
  const doc = historyDocument();
  Y.applyUpdateV2(doc, state);
  return doc;
}

/** A history as it is stored: Yjs state v2, brotli. */
export function packState(state: Uint8Array): Uint8Array {
  return brotliCompressSync(state, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
  });
}

/** Reads what `packState` wrote. Throws where the bytes are damaged. */
export function unpackState(bytes: Uint8Array): Y.Doc {
  return documentOf(brotliDecompressSync(bytes));
}

/** The document as a snapshot saw it, with its history, for reading and for restoring. */
export function documentAt(doc: Y.Doc, snapshot: Y.Snapshot): Y.Doc {
  return Y.createDocFromSnapshot(doc, snapshot, historyDocument());
}

/** Ids of everything that counts as a character, whether deleted or not. */
export function textRanges(doc: Y.Doc): IdRanges {
  const found: { client: number; clock: number; length: number }[] = [];
  for (const [client, structs] of doc.store.clients)
    for (const struct of structs)
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentString)
        found.push({ client, clock: struct.id.clock, length: struct.length });
  return IdRanges.of(found);
}

/** Everything deleted so far. */
export function deletedRanges(doc: Y.Doc): IdRanges {
  return IdRanges.fromDeleteSet(Y.createDeleteSetFromStructStore(doc.store));
}

/** The ids below a state vector. */
export function rangesBelow(stateVector: ReadonlyMap<number, number>): IdRanges {
  return IdRanges.of([...stateVector].map(([client, clock]) => ({ client, clock: 0, length: clock })));
}

/** The characters behind ids, run by run in order of id; also of deleted text, for it is kept. */
export function textOf(doc: Y.Doc, ranges: IdRanges): readonly string[] {
  const runs: string[] = [];
  for (const { client, clock, length } of ranges) {
    const structs = doc.store.clients.get(client);
    if (!structs || structs.length === 0 || clock >= Y.getState(doc.store, client)) continue;
    let run = "";
    for (let at = Y.findIndexSS(structs, clock); at < structs.length; at++) {
      const struct = structs[at];
      if (struct === undefined || struct.id.clock >= clock + length) break;
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) {
        if (run !== "") runs.push(run);
        run = "";
        continue;
      }
      const from = Math.max(0, clock - struct.id.clock);
      const to = Math.min(struct.length, clock + length - struct.id.clock);
      run += struct.content.str.slice(from, to);
    }
    if (run !== "") runs.push(run);
  }
  return runs;
}
