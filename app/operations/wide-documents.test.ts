import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { firstTextOfCopy } from "../document/first-text.ts";
import { countWords, plainText } from "../document/plain-text.ts";
import { readDocument } from "../document/read-fragment.ts";
import { seedUpdate } from "../document/seed.ts";
import { exportTree, imageIdsOf } from "../export/export-tree.ts";
import { fragmentHtml } from "../export/html-fragment.ts";

/** More than a function takes arguments; a document of 5 MB holds about as many. */
const many = 300_000;
const line = { type: "paragraph", content: [{ type: "text", text: "x" }] };
const wide = { type: "doc", content: Array.from({ length: many }, () => line) };

describe("a document with very many blocks", () => {
  it("[W6] is read, counted, drawn and copied like any other", () => {
    expect(countWords(plainText(wide))).toBe(many);
    expect(fragmentHtml(wide).length).toBe(many * "<p>x</p>\n".length - 1);
    expect(imageIdsOf(exportTree(wide))).toEqual([]);
    for (const type of ["blockquote", "bulletList", "callout"]) {
      const content =
        type === "bulletList"
          ? wide.content.map(() => ({ type: "listItem", content: [line] }))
          : wide.content;
      expect(imageIdsOf(exportTree({ type: "doc", content: [{ type, content }] }))).toEqual([]);
    }
    expect(firstTextOfCopy(wide, 7)).toMatchObject({ clientId: 7, words: many });
  });

  it("[W6] is seeded and read back, also where one paragraph has very many pieces", () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, seedUpdate(wide, 7));
    expect((readDocument(doc).json as typeof wide).content.length).toBe(many);
    const pieces = new Y.Doc();
    const text = new Y.XmlText();
    pieces.getXmlFragment("default").insert(0, [text]);
    text.applyDelta(
      Array.from({ length: many }, (_, i) => ({ insert: "x", attributes: i % 2 ? { bold: {} } : {} })),
    );
    expect(JSON.stringify(readDocument(pieces).json).length).toBeGreaterThan(many);
  });
});
