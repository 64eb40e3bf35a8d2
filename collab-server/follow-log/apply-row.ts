/**
 * Applies one row of the log to a document that keeps history, and says what this row
 * alone did: characters added, ids deleted. A full sync legitimately repeats other
 * people's structs and always the whole delete set, so only what was unseen counts
 * (versions guide §2, rules 1 and 3). A row counts when it arrives, also where Yjs has
 * to wait for an earlier one before it can show it (rule 4).
 */
import * as Y from "yjs";
import { IdRanges } from "./id-ranges.ts";
import { textOf } from "./yjs-history.ts";

export type RowFacts = {
  /** Characters this row brought and took, text that only changed its place left out. */
  readonly charactersAdded: number;
  readonly charactersRemoved: number;
  /** Everything deleted by it, children of deleted parents and overwritten attributes included. */
  readonly deleted: IdRanges;
};

/** Applies the row. Throws where its bytes are no Yjs update; the document is then not to be trusted. */
export function applyRow(doc: Y.Doc, bytes: Uint8Array): RowFacts {
  const decoded = Y.decodeUpdate(bytes);
  const waiting = waitingRanges(doc);
  const added = addedTexts(doc, decoded.structs);
  const named = unseenDeletes(doc, IdRanges.fromDeleteSet(decoded.ds)).minus(waiting);

  let happened = new IdRanges();
  const collect = (transaction: Y.Transaction) => {
    happened = happened.plus(IdRanges.fromDeleteSet(transaction.deleteSet));
  };
  doc.on("afterTransaction", collect);
  try {
    Y.applyUpdate(doc, bytes);
  } finally {
    doc.off("afterTransaction", collect);
  }
  const deleted = happened.minus(waiting).plus(named);
  const removed = textOf(doc, deleted);
  const moved = movedLength(added, removed);
  return {
    charactersAdded: lengthOf(added) - moved,
    charactersRemoved: lengthOf(removed) - moved,
    deleted,
  };
}

/** Deletions that arrived before what they delete: already counted, for whoever sent them. */
function waitingRanges(doc: Y.Doc): IdRanges {
  const pending = doc.store.pendingDs;
  return pending === null ? new IdRanges() : IdRanges.fromDeleteSet(Y.decodeUpdateV2(pending).ds);
}

/** Text of structs nobody sent before, neighbouring structs joined. */
function addedTexts(doc: Y.Doc, structs: readonly unknown[]): readonly string[] {
  const pending = doc.store.pendingStructs;
  const waitingTo = pending === null ? null : Y.parseUpdateMetaV2(pending.update).to;
  const texts: string[] = [];
  let end = { client: -1, clock: 0 };
  for (const struct of structs) {
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue;
    const { client, clock } = struct.id;
    const known = Math.max(Y.getState(doc.store, client), waitingTo?.get(client) ?? 0);
    const fresh = struct.content.str.slice(Math.max(0, known - clock));
    if (fresh !== "") {
      if (end.client === client && end.clock === clock) texts.push((texts.pop() ?? "") + fresh);
      else texts.push(fresh);
    }
    end = { client, clock: clock + struct.length };
  }
  return texts;
}

function unseenDeletes(doc: Y.Doc, ranges: IdRanges): IdRanges {
  const unseen: { client: number; clock: number; length: number }[] = [];
  for (const { client, clock, length } of ranges) {
    const state = Y.getState(doc.store, client);
    const structs = doc.store.clients.get(client);
    if (structs && clock < state) {
      for (let at = Y.findIndexSS(structs, clock); at < structs.length; at++) {
        const struct = structs[at];
        if (struct === undefined || struct.id.clock >= clock + length) break;
        if (struct.deleted) continue;
        const from = Math.max(clock, struct.id.clock);
        const to = Math.min(clock + length, struct.id.clock + struct.length);
        unseen.push({ client, clock: from, length: to - from });
      }
    }
    const beyond = Math.max(clock, state);
    if (beyond < clock + length) unseen.push({ client, clock: beyond, length: clock + length - beyond });
  }
  return IdRanges.of(unseen);
}

/**
 * Characters that a row deletes in one place and writes again in another: splitting a
 * paragraph or making it a heading re-creates its text and is no writing. Whole runs
 * of at least two characters only (versions guide §2, step 2).
 */
export function movedLength(added: readonly string[], removed: readonly string[]): number {
  if (removed.length === 0) return 0;
  const gone = removed.join("\n");
  return lengthOf(added.filter((text) => text.length >= 2 && gone.includes(text)));
}

/** Characters in all of them. */
export function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
