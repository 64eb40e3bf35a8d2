import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { depthOf, readDocument, readFragment, unknownTypes } from "./read-fragment.ts";
import { seedUpdate } from "./seed.ts";

function documentOf(update: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc;
}

const future = {
  type: "doc" as const,
  content: [
    { type: "paragraph", content: [{ type: "text", text: "Known" }] },
    {
      type: "hologram",
      attrs: { beams: [1, { angle: 0.5, of: "light" }], label: "é — “x”" },
      content: [
        {
          type: "beam",
          content: [{ type: "text", text: "inside", marks: [{ type: "glow", attrs: { hue: 7 } }] }],
        },
        { type: "empty" },
      ],
    },
  ],
};

describe("reading a document", () => {
  it("[D14] gives unknown nodes, marks and attributes exactly as they were written", () => {
    const doc = documentOf(seedUpdate(future, 7));
    const read = readFragment(doc) as typeof future;
    expect(read.content[1]).toMatchObject({ type: "hologram", attrs: future.content[1]?.attrs });
    // Written again from what was read, and read again: the same bytes of JSON.
    const again = readFragment(documentOf(seedUpdate(read, 7)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(read));
    expect(unknownTypes(read, { nodes: { doc: 1, paragraph: 1, text: 1 }, marks: {} })).toEqual([
      "hologram",
      "beam",
      "glow",
      "empty",
    ]);
  });

  it("[D14] keeps what is no element and no text as a value, and drops nothing", () => {
    const doc = new Y.Doc();
    const text = new Y.XmlText();
    doc.getXmlFragment("default").insert(0, [text]);
    text.insert(0, "before");
    text.insertEmbed(6, { formula: "E = mc²" });
    expect(readFragment(doc).content).toEqual([
      { type: "text", text: "before" },
      { type: "unknown", attrs: { value: { formula: "E = mc²" } } },
    ]);
  });

  it("[D6] writes nothing, and reads a document nobody wrote into as empty", () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    expect(readDocument(doc)).toEqual({ json: { type: "doc" }, maps: {} });
    expect(updates).toEqual([]);
    expect([...doc.share.keys()]).toEqual([]);
  });

  it("gives shared maps beside the text", () => {
    const doc = documentOf(seedUpdate(future, 7));
    doc.getMap("facts").set("hours", 40);
    doc.getMap("facts").set("gone", 1);
    doc.getMap("facts").delete("gone");
    expect(readDocument(doc).maps).toEqual({ facts: { hours: 40 } });
  });

  it("names marks without the hash that y-tiptap may add", () => {
    const doc = new Y.Doc();
    const text = new Y.XmlText();
    doc.getXmlFragment("default").insert(0, [text]);
    text.insert(0, "a", { "comment--AbCdEf12": { id: "1" }, bold: {} });
    expect(readFragment(doc).content).toEqual([
      { type: "text", text: "a", marks: [{ type: "bold" }, { type: "comment", attrs: { id: "1" } }] },
    ]);
  });

  it("[W6] walks 20,000 nested elements without a stack", () => {
    const doc = new Y.Doc();
    doc.transact(() => {
      let parent: Y.XmlFragment = doc.getXmlFragment("default");
      for (let level = 0; level < 20_000; level++) {
        const element = new Y.XmlElement("blockquote");
        parent.insert(0, [element]);
        parent = element;
      }
    });
    expect(depthOf(doc)).toBe(20_000);
    let levels = 0;
    for (let node = readFragment(doc).content?.[0]; node; node = node.content?.[0]) levels++;
    expect(levels).toBe(20_000);
  });

  it("[W6][M9] reads shared types that were nested into each other over many messages, down to 64 levels", () => {
    const doc = new Y.Doc();
    const paragraph = new Y.XmlElement("paragraph");
    doc.getXmlFragment("default").insert(0, [paragraph]);
    let inner = new Y.Map<unknown>();
    paragraph.setAttribute("deep", inner as unknown as string);
    inner.set("list", Y.Array.from([1, "two", { three: 3 }]));
    for (let level = 0; level < 6_000; level++) {
      const next = new Y.Map<unknown>();
      inner.set("in", next);
      inner = next;
    }
    const [node] = readFragment(doc).content ?? [];
    let levels = 0;
    let value = node?.attrs?.["deep"] as { list?: unknown; in?: unknown } | null;
    expect(value?.list).toEqual([1, "two", { three: 3 }]);
    for (; value; value = (value.in ?? null) as typeof value) levels++;
    expect(levels).toBe(64);
    expect(JSON.stringify(readDocument(doc)).length).toBeLessThan(10_000);
  });

  it("[W6][M9] reads elements and maps that were nested into each other by turns", () => {
    const doc = new Y.Doc();
    let element = new Y.XmlElement("paragraph");
    doc.getXmlFragment("default").insert(0, [element]);
    for (let level = 0; level < 2_000; level++) {
      const map = new Y.Map<unknown>();
      element.setAttribute("deep", map as unknown as string);
      const next = new Y.XmlElement("paragraph");
      const around = new Y.XmlElement("blockquote");
      map.set("in", around);
      around.insert(0, [next]);
      element = next;
    }
    expect(JSON.stringify(readDocument(doc)).length).toBeLessThan(10_000);
  });

  it("[W5][B12] reads the letters of a text in an attribute, whatever is embedded in it", () => {
    const doc = new Y.Doc();
    const element = new Y.XmlElement("paragraph");
    doc.getXmlFragment("default").insert(0, [element]);
    const text = new Y.XmlText("Rivers under bridges");
    element.setAttribute("value", text as unknown as string);
    text.format(0, 6, { bold: {} });
    // No word can be made of it.
    text.insertEmbed(6, JSON.parse('{"toString":null,"valueOf":null}'));
    const again = new Y.Doc();
    Y.applyUpdate(again, Y.encodeStateAsUpdate(doc));
    expect(readDocument(again).json.content).toEqual([
      { type: "paragraph", attrs: { value: "Rivers under bridges" } },
    ]);
  });

  it("reads marks of one name that overlap in the same order, in whatever order they were set", () => {
    const keys = ["comment--AAAAAAAA", "comment--BBBBBBBB"];
    const reads = [keys, keys.toReversed()].map((order) => {
      const doc = new Y.Doc();
      const text = new Y.XmlText("Rivers");
      const element = new Y.XmlElement("paragraph");
      element.insert(0, [text]);
      doc.getXmlFragment("default").insert(0, [element]);
      for (const key of order) text.format(0, 6, { [key]: { by: key } });
      return JSON.stringify(readDocument(doc).json);
    });
    expect(reads[0]).toBe(reads[1]);
    expect(reads[0]).toContain(keys[0]);
  });
});
