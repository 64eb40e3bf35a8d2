import { describe, expect, it } from "vitest";
import { canonicalJson, canonVersion, contentHash } from "./canonical.ts";

const doc = (...content: unknown[]) => ({ type: "doc", content });
const text = (value: string, ...marks: unknown[]) => ({
  type: "text",
  text: value,
  ...(marks.length > 0 ? { marks } : {}),
});
const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });

describe("canonical content", () => {
  it("is the same for the same meaning: order of attributes and marks, cuts in text, nulls, block ids", () => {
    const one = doc({
      type: "heading",
      attrs: { level: 2, textAlign: null, blockId: "a" },
      content: [
        text("Modu"),
        text("les", { type: "bold" }, { type: "link", attrs: { href: "x", rel: null } }),
      ],
    });
    const other = doc({
      type: "heading",
      attrs: { blockId: "b", level: 2 },
      content: [
        text("Mo"),
        text(""),
        text("du"),
        text("l", { type: "link", attrs: { href: "x" } }, { type: "bold" }),
        text("es", { type: "bold" }, { type: "link", attrs: { href: "x" } }),
      ],
    });
    expect(canonicalJson(one)).toBe(canonicalJson(other));
    expect(contentHash(one)).toBe(contentHash(other));
  });

  it("tells apart what means something else", () => {
    const base = doc(paragraph(text("a"), text("b", { type: "bold" })));
    const others = [
      doc(paragraph(text("ab"))),
      doc(paragraph(text("a")), paragraph(text("b", { type: "bold" }))),
      doc(paragraph(text("a"), text("b", { type: "italic" }))),
      doc({ type: "heading", content: [text("a"), text("b", { type: "bold" })] }),
      doc(paragraph(text("a"), text("b", { type: "bold" })), { type: "paragraph" }),
    ];
    const hashes = new Set([base, ...others].map((each) => contentHash(each)));
    expect(hashes.size).toBe(others.length + 1);
    expect(contentHash(base, { facts: { hours: 1 } })).not.toBe(contentHash(base));
    expect(contentHash(base, { facts: { hours: 1, weeks: 2 } })).toBe(
      contentHash(base, { facts: { weeks: 2, hours: 1 } }),
    );
  });

  it("does not count comments, pending suggestions and column widths", () => {
    const plain = doc({ type: "tableCell", attrs: { colspan: 1 }, content: [paragraph(text("ab"))] });
    const marked = doc({
      type: "tableCell",
      attrs: { colspan: 1, colwidth: [120] },
      content: [paragraph(text("a", { type: "comment", attrs: { id: "1" } }), text("b"))],
    });
    expect(contentHash(marked)).toBe(contentHash(plain));
  });

  it("is fixed: this text has this hash for ever", () => {
    expect(canonVersion).toBe(1);
    const fixed = doc(paragraph(text("Agreed.", { type: "bold" })), { type: "horizontalRule" });
    expect(canonicalJson(fixed, { facts: { b: 1, a: [1, { z: 1, y: 2 }] } })).toBe(
      '{"canon":1,"doc":{"t":"doc","c":[{"t":"paragraph","c":[{"t":"text","x":"Agreed.","m":[{"t":"bold"}]}]},{"t":"horizontalRule"}]},"maps":{"facts":{"a":[1,{"y":2,"z":1}],"b":1}}}',
    );
    expect(contentHash(fixed)).toBe("d5e17fcc1ccc1514ee3bb8058d149448f1ea30db41bf603dd1d1948f231d15df");
  });

  it("[W6] walks 20,000 levels without a stack", () => {
    let node: unknown = paragraph(text("deep"));
    for (let level = 0; level < 20_000; level++) node = { type: "blockquote", content: [node] };
    expect(contentHash(doc(node))).toMatch(/^[0-9a-f]{64}$/);
  });
});
