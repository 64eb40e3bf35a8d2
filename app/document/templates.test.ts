import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { documentKinds } from "../domain/documents.ts";
import { isId } from "../domain/ids.ts";
import { countWords, plainText } from "./plain-text.ts";
import { readFragment } from "./read-fragment.ts";
import { editorSchema } from "./schema.ts";
import { seedUpdate } from "./seed.ts";
import { templateFor } from "./templates.ts";

describe("templates", () => {
  it.each(documentKinds)(
    "[D6] %s fits the schema, ends in a paragraph and leaves an editor nothing to repair",
    (kind) => {
      const json = templateFor(kind);
      const document = editorSchema.nodeFromJSON(json);
      document.check();
      expect(document.lastChild?.type.name).toBe("paragraph");
      document.descendants((node) => {
        if (node.type.name !== "table") return;
        const widths = new Set<number>();
        node.forEach((row) => {
          widths.add(row.childCount);
        });
        expect([...widths]).toHaveLength(1);
      });
    },
  );

  it("gives every section of a plan, of notes and of a case study a sentence of help", () => {
    for (const kind of ["curriculum_plan", "exchange_notes", "case_study"] as const) {
      const blocks = templateFor(kind).content as { type: string; attrs?: { level: number } }[];
      const headings = blocks.flatMap((block, index) => (block.attrs?.level === 2 ? [index] : []));
      expect(headings.length).toBeGreaterThan(5);
      for (const index of headings) expect(blocks[index + 1]?.type).toBe("paragraph");
    }
  });

  it("hands out copies, so that nobody changes the template of the next", () => {
    (templateFor("page").content as unknown[]).push({ type: "horizontalRule" });
    expect(templateFor("page").content).toHaveLength(1);
  });
});

describe("seed", () => {
  it.each(documentKinds)(
    "[D4] %s comes back from its first update as it was written, with an id on every block",
    (kind) => {
      const document = new Y.Doc();
      Y.applyUpdate(document, seedUpdate(templateFor(kind), 4711));
      const ids: unknown[] = [];
      const written = editorSchema.nodeFromJSON(readFragment(document));
      written.check();
      written.descendants((node) => {
        if (!node.isText) ids.push(node.attrs.blockId);
      });
      expect(ids.every(isId)).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
      expect(plainText(written.toJSON())).toBe(plainText(templateFor(kind)));
      expect([...document.store.clients.keys()]).toEqual([4711]);
    },
  );

  it("gives the same bytes for the same content and client id, and other block ids for another", () => {
    const json = templateFor("curriculum_plan");
    expect(seedUpdate(json, 5)).toEqual(seedUpdate(json, 5));
    expect(seedUpdate(json, 5)).not.toEqual(seedUpdate(json, 6));
  });

  it("[D14] carries over nodes, marks and attributes this release does not know, and 10,000 levels of depth", () => {
    const unknown = {
      type: "doc",
      content: [
        {
          type: "hologram",
          attrs: { blockId: "b", deep: { a: [1, 2] } },
          content: [{ type: "text", text: "kept", marks: [{ type: "shimmer", attrs: { hue: 3 } }] }],
        },
      ],
    };
    const document = new Y.Doc();
    Y.applyUpdate(document, seedUpdate(unknown, 1));
    expect(readFragment(document)).toEqual(unknown);

    let deep: { type: string; content?: unknown[] } = { type: "paragraph" };
    for (let level = 0; level < 10_000; level += 1) deep = { type: "blockquote", content: [deep] };
    const bottomless = new Y.Doc();
    Y.applyUpdate(bottomless, seedUpdate({ type: "doc", content: [deep] }, 2));
    let depth = 0;
    for (let node = readFragment(bottomless).content?.[0]; node; node = node.content?.[0]) depth += 1;
    expect(depth).toBe(10_001);
  });
});

describe("plain text", () => {
  it("puts each block on a line, and names people and pictures", () => {
    const text = plainText({
      type: "doc",
      content: [
        { type: "heading", content: [{ type: "text", text: "Why" }] },
        {
          type: "paragraph",
          content: [
            { type: "text", text: "Ask " },
            { type: "mention", attrs: { label: "Ann Lee" } },
            { type: "hardBreak" },
            { type: "text", text: "today" },
          ],
        },
        { type: "image", attrs: { alt: "A packhouse" } },
        { type: "unknown", content: [{ type: "text", text: "still here" }] },
      ],
    });
    expect(text).toBe("Why\nAsk @Ann Lee\ntoday\nA packhouse\nstill here");
  });

  it("counts what people call words", () => {
    expect(countWords("Level 3 – the packhouse’s cold-chain plan")).toBe(6);
    expect(countWords(" … ")).toBe(0);
  });
});
