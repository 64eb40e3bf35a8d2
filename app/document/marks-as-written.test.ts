import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { keepMarksAsWritten } from "./marks-as-written.ts";

const textIn = (doc: Y.Doc) => doc.getText("text");

/** Everything two people wrote who made the same words bold at once. */
function writtenAtOnce(): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const people = [new Y.Doc(), new Y.Doc()];
  const [first] = people as [Y.Doc, Y.Doc];
  textIn(first).insert(0, "Rivers under bridges");
  updates.push(Y.encodeStateAsUpdate(first));
  for (const doc of people) if (doc !== first) Y.applyUpdate(doc, Y.encodeStateAsUpdate(first));
  for (const doc of people) {
    doc.on("update", (update: Uint8Array) => updates.push(update));
    textIn(doc).format(0, 6, { bold: {} });
  }
  return updates;
}

/** What a document wrote by itself while it took in the updates. */
function ownWriting(doc: Y.Doc, updates: readonly Uint8Array[]): Uint8Array[] {
  const own: Uint8Array[] = [];
  textIn(doc);
  doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== "somebody else") own.push(update);
  });
  for (const update of updates) Y.applyUpdate(doc, update, "somebody else");
  return own;
}

describe("marks as written", () => {
  it("a document writes nothing when two others marked the same words at once, and reads the same", () => {
    const updates = writtenAtOnce();
    const usual = new Y.Doc();
    const kept = keepMarksAsWritten(new Y.Doc());
    // The next version of Yjs may not tidy: then this module goes.
    expect(ownWriting(usual, updates)).toHaveLength(1);
    expect(ownWriting(kept, updates)).toEqual([]);
    expect(textIn(kept).toDelta()).toEqual(textIn(usual).toDelta());
    expect(Y.encodeStateVector(kept)).toEqual(Y.encodeStateVector(usual));
  });
});
