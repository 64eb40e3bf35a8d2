// @vitest-environment jsdom
/** What Word writes to the clipboard for its lists, and what the schema makes of it. */
import { DOMParser as SchemaParser } from "@tiptap/pm/model";
import { describe, expect, it } from "vitest";
import { editorSchema } from "../document/schema.ts";
import { tidiedFromWord } from "./from-word.ts";

/** Nodes of a text as nested arrays: the name, then what it holds; words as they are. */
type Told = string | readonly [string, ...Told[]];

function told(html: string): readonly Told[] {
  const page = document.createElement("div");
  page.innerHTML = tidiedFromWord(html);
  const tell = (node: ReturnType<SchemaParser["parse"]>): Told =>
    node.isTextblock
      ? node.textContent
      : [
          `${node.type.name}${node.attrs["start"] > 1 ? ` from ${node.attrs["start"]}` : ""}`,
          ...node.children.map(tell),
        ];
  return SchemaParser.fromSchema(editorSchema).parse(page).children.map(tell);
}

/** A paragraph as Word for Windows writes it, with the bullet or number before the words. */
const item = (words: string, marker: string, level = 1, list = 1) =>
  `<p class=MsoListParagraphCxSpMiddle style='margin-left:${36 * level}.0pt;text-indent:-18.0pt;mso-list:l0 level${level}
  lfo${list}'><![if !supportLists]><span style='font-family:Symbol;mso-fareast-font-family:Symbol'><span
  style='mso-list:Ignore'>${marker}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;
  </span></span></span><![endif]>${words}<o:p></o:p></p>\n`;

/** An item as Word for the web writes it: every one in a list of its own. */
const webItem = (words: string, level: number, kind: "ul" | "ol" = "ul", start = 1) =>
  `<div class="ListContainerWrapper SCXW1 BCX0"><${kind} class="BulletListStyle1 SCXW1" role="list" ${kind === "ol" ? `start="${start}"` : ""}><li
  data-leveltext="" data-font="Symbol" data-listid="2" data-aria-posinset="1" data-aria-level="${level}" role="listitem"
  class="OutlineElement Ltr"><p class="Paragraph SCXW1"><span class="TextRun">${words}</span><span class="EOP">&nbsp;</span></p></li></${kind}></div>`;

describe("lists out of Word", () => {
  it("become lists again, without the dots and numbers before the words", () => {
    const html = `<p class=MsoNormal>Before</p>${item("First", "·")}${item("Second <b>bold</b>", "·")}<p class=MsoNormal>Between</p>${item("One", "1.", 1, 2)}${item("Two", "2.", 1, 2)}`;
    expect(told(html)).toEqual([
      "Before",
      ["bulletList", ["listItem", "First"], ["listItem", "Second bold"]],
      "Between",
      ["orderedList", ["listItem", "One"], ["listItem", "Two"]],
    ]);
  });

  it("stand inside one another as deep as in Word, bullets in numbers too", () => {
    const html = [
      item("Weeks 1 to 4", "1."),
      item("college", "o", 2),
      item("workshop", "o", 2),
      item("bench", "§", 3),
      item("Weeks 5 to 8", "2."),
    ].join("");
    expect(told(html)).toEqual([
      [
        "orderedList",
        [
          "listItem",
          "Weeks 1 to 4",
          [
            "bulletList",
            ["listItem", "college"],
            ["listItem", "workshop", ["bulletList", ["listItem", "bench"]]],
          ],
        ],
        ["listItem", "Weeks 5 to 8"],
      ],
    ]);
  });

  it("go on counting after a paragraph between, and begin again where Word does", () => {
    const html = `${item("One", "1.")}<p>Between</p>${item("Two", "2.")}${item("Another one", "1.", 1, 3)}`;
    expect(told(html)).toEqual([
      ["orderedList", ["listItem", "One"]],
      "Between",
      ["orderedList from 2", ["listItem", "Two"]],
      ["orderedList", ["listItem", "Another one"]],
    ]);
  });

  it("letters with a stop are numbers, also where a deeper item comes first", () => {
    expect(told(`${item("deep", "a)", 2)}${item("outer", "·", 1)}`)).toEqual([
      ["orderedList", ["listItem", "deep"]],
      ["bulletList", ["listItem", "outer"]],
    ]);
  });

  it("in cells of a table stay in their cells", () => {
    const html = `<table><tr><td>${item("left", "·")}</td><td>${item("right", "·")}</td></tr></table>`;
    expect(told(html)).toEqual([
      [
        "table",
        [
          "tableRow",
          ["tableCell", ["bulletList", ["listItem", "left"]]],
          ["tableCell", ["bulletList", ["listItem", "right"]]],
        ],
      ],
    ]);
  });

  it("of Word for the web are one list, not one for each item", () => {
    const html = `${webItem("First", 1)}${webItem("Deeper", 2)}${webItem("Second", 1)}<p>Then</p>${webItem("Three", 1, "ol", 3)}${webItem("Four", 1, "ol", 4)}`;
    expect(told(html)).toEqual([
      ["bulletList", ["listItem", "First", ["bulletList", ["listItem", "Deeper"]]], ["listItem", "Second"]],
      "Then",
      ["orderedList from 3", ["listItem", "Three"], ["listItem", "Four"]],
    ]);
  });

  it("leave headings with a number, paragraphs without one and other pages as they came", () => {
    const heading = `<h2 style='mso-list:l0 level1 lfo1'>1. Why this plan</h2><p style='mso-list:none'>Words</p>`;
    expect(told(heading)).toEqual(["1. Why this plan", "Words"]);
    const plain = "<ul><li>as it came</li></ul>";
    expect(tidiedFromWord(plain)).toBe(plain);
  });
});
