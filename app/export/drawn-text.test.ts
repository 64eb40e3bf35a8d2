import { expect, it } from "vitest";
import { drawText } from "./drawn-text.ts";

const heading = (level: number, text: string) => ({
  type: "heading",
  attrs: { level },
  content: [{ type: "text", text }],
});

it("lists the headings with the anchors they got, their text as people read it", () => {
  const drawn = drawText({
    type: "doc",
    content: [
      heading(1, "Why <this> plan & not another"),
      { type: "paragraph", content: [{ type: "text", text: "<h2>not a heading</h2>" }] },
      heading(2, "Intent"),
    ],
  });
  expect(drawn.headings.map(({ index, text }) => ({ index, text }))).toEqual([
    { index: 0, text: "Why <this> plan & not another" },
    { index: 1, text: "Intent" },
  ]);
  expect(drawn.html).toContain('id="heading-2">Intent');
  expect(drawn.html).toContain("&lt;h2&gt;not a heading&lt;/h2&gt;");
  // The lone "&" is no word.
  expect(drawn.words).toBe(9);
});
