/** What a room takes from a checkpoint, against reading its state and against Yjs. */
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { deleteSetOf } from "../db/update-log/delete-set.ts";
import { noteAsSeen, type Seen } from "./admission.ts";
import { lackedOf, noteCheckpointAsSeen, piecesOf } from "./checkpoint-pieces.ts";
import { IdSet } from "./id-set.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { randomEdits } from "./testing/random-edits.ts";

function checkpointOf(doc: Y.Doc, leastBytes: number) {
  const state = Y.encodeStateAsUpdate(doc);
  return {
    seq: 1,
    state,
    stateVector: Y.encodeStateVectorFromUpdate(state),
    deleteSet: deleteSetOf(state),
    pieces: piecesOf(state, leastBytes),
  };
}

const clocksOf = (doc: Y.Doc) => Y.decodeStateVector(Y.encodeStateVector(doc));
const contentOf = (doc: Y.Doc) => [doc.getText("text").toDelta(), doc.getXmlFragment("fragment").toString()];
const nothingSeen = (): Seen => ({ structs: new IdSet(), deletes: new IdSet() });

/** All ranges of a set, client by client. */
function rangesOf(set: IdSet, clients: Iterable<number>): readonly (readonly [number, readonly number[]])[] {
  const end = 2 ** 31;
  return [...clients].sort((a, b) => a - b).map((client) => [client, set.missing(client, 0, end)]);
}

describe("a checkpoint, without reading its state", () => {
  it("[CS13][CS20] holds the ids that its state holds, and gives each page all that it lacks", () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(2_000, 300);
    let [cut, whole, lessThanAll] = [0, 0, 0];
    for (let trial = 0; trial < count; trial++) {
      const { updates } = randomEdits(random, 4, 40);
      const doc = new Y.Doc();
      const page = new Y.Doc();
      const leaves = Math.floor(random() * (updates.length + 1));
      for (const [index, update] of updates.entries()) {
        Y.applyUpdate(doc, update);
        if (index < leaves) Y.applyUpdate(page, update);
      }
      // Words of its own, which the checkpoint does not have.
      if (random() < 0.3) page.getText("text").insert(0, "offline ");
      const leastBytes = 1 + Math.floor(random() * 60);
      const checkpoint = checkpointOf(doc, leastBytes);
      expect(checkpoint.pieces.length).toBeGreaterThan(0);

      const [seen, expected] = [nothingSeen(), nothingSeen()];
      noteCheckpointAsSeen(checkpoint, seen);
      noteAsSeen(checkpoint.state, expected);
      const clients = [...clocksOf(doc).keys()];
      expect(rangesOf(seen.structs, clients)).toEqual(rangesOf(expected.structs, clients));
      expect(rangesOf(seen.deletes, clients)).toEqual(rangesOf(expected.deletes, clients));

      const clocks = clocksOf(page);
      const lacked = lackedOf(checkpoint, clocks);
      const byYjs = Y.diffUpdate(checkpoint.state, Y.encodeStateVector(clocks));
      if (lacked.length > byYjs.length) cut++;
      if (lacked.length < checkpoint.state.length) lessThanAll++;
      else whole++;
      expect(lacked.length).toBeLessThanOrEqual(checkpoint.state.length);
      Y.applyUpdate(page, lacked);
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(page));
      expect(page.store.pendingStructs).toBeNull();
      expect(page.store.pendingDs).toBeNull();
      expect(contentOf(page), `seed ${seed}, trial ${trial}`).toEqual(contentOf(doc));
      expect(Y.encodeStateVector(page)).toEqual(Y.encodeStateVector(doc));
    }
    expect(Math.min(cut, whole, lessThanAll)).toBeGreaterThan(count / 50);
    told("CS13", count, seed, `${lessThanAll} got a part, ${cut} of them a piece they knew half of`);
  });

  it("[CS13] gives only deletions to a page that has it all, also where nobody said how to cut it", () => {
    const doc = new Y.Doc();
    doc.getText("text").insert(0, "x".repeat(20_000));
    doc.getText("text").delete(5, 10);
    const checkpoint = { ...checkpointOf(doc, 1), pieces: new Uint8Array(0) };
    const all = clocksOf(doc);
    expect(lackedOf(checkpoint, all)).toEqual(Buffer.concat([Uint8Array.of(0), checkpoint.deleteSet]));
    const [client = 0] = all.keys();
    expect(lackedOf(checkpoint, new Map([[client, 100]]))).toBe(checkpoint.state);
    expect(lackedOf(checkpoint, new Map())).toBe(checkpoint.state);
  });

  it("is not cut where structs are missing, or where it cannot be read", () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    for (const word of ["one ", "two ", "three "]) doc.getText("text").insert(0, word);
    const [first, , third] = updates;
    if (first === undefined || third === undefined) throw new Error("three edits make three updates");
    expect(piecesOf(Y.mergeUpdates([first, third]))).toHaveLength(0);
    expect(piecesOf(third)).toHaveLength(0);
    expect(piecesOf(Uint8Array.of(1, 200))).toHaveLength(0);
    expect(piecesOf(Y.encodeStateAsUpdate(doc)).length).toBeGreaterThan(0);
  });

  it("[CS13] sends little to who lacks the end of a long document by one client", () => {
    const doc = new Y.Doc();
    const fragment = doc.getXmlFragment("fragment");
    let clocks = clocksOf(doc);
    for (let i = 0; i < 2_000; i++) {
      if (i === 1_990) clocks = clocksOf(doc);
      const block = new Y.XmlElement("paragraph");
      block.insert(0, [new Y.XmlText(`Paragraph ${i}: ${"what the learner can do. ".repeat(6)}`)]);
      fragment.push([block]);
    }
    const state = Y.encodeStateAsUpdate(doc);
    const checkpoint = {
      seq: 1,
      state,
      stateVector: Y.encodeStateVectorFromUpdate(state),
      deleteSet: deleteSetOf(state),
      pieces: piecesOf(state),
    };
    expect(state.length).toBeGreaterThan(300_000);
    expect(checkpoint.pieces.length).toBeLessThan(state.length / 500);
    expect(lackedOf(checkpoint, clocks).length).toBeLessThan(2 * 4096);
  });
});
