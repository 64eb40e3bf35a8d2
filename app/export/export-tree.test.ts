import { describe, expect, it } from "vitest";
import { safeHref } from "../document/safe-link.ts";
import { hostileHrefs } from "./__fixtures__/hostile.ts";
import { doc, imageId, rich, text } from "./__fixtures__/rich.ts";
import { exportTree, imageIdsOf } from "./export-tree.ts";
import { fragmentHtml } from "./html-fragment.ts";

describe("export tree", () => {
  it("[S5] follows only http, https, mailto and tel, whatever the spelling", () => {
    for (const href of hostileHrefs) {
      const safe = safeHref(href);
      if (safe !== null) expect(safe).toMatch(/^(https?:\/\/[a-z0-9.]+\/|mailto:)[^"<>\s]*$/);
    }
    expect(hostileHrefs.filter((href) => safeHref(href) !== null)).toHaveLength(3);
    expect(safeHref("https://example.org/a?b=1")).toBe("https://example.org/a?b=1");
  });

  it("begins headings at level 2 and never skips one", () => {
    const levels = exportTree(rich).flatMap((block) => (block.kind === "heading" ? [block.level] : []));
    expect(levels).toEqual([2, 3]);
  });

  it("[S5] shows the words of 100,000 nested nodes and does not break", () => {
    let node: unknown = text("at the bottom");
    for (let depth = 0; depth < 100_000; depth += 1) node = { type: "blockquote", content: [node] };
    expect(fragmentHtml(doc(node))).toContain("at the bottom");
  });

  it("finds pictures wherever they stand", () => {
    const nested = doc({
      type: "blockquote",
      content: [{ type: "image", attrs: { imageId } }],
    });
    expect(imageIdsOf(exportTree(nested))).toEqual([imageId]);
  });
});
