import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, it } from "vitest";
import { seeded, seedOfRun, told, trials } from "../../collab-server/testing/count.ts";
import { hostileTexts } from "./__fixtures__/hostile.ts";
import { doc, from, imageId, paragraph, rich, text } from "./__fixtures__/rich.ts";
import { exportMarkdown, writeMarkdown } from "./export-markdown.ts";
import { cleanText } from "./export-tree.ts";

/** Front matter ends at the first line that is three dashes, as every reader of it has it. */
function read(markdown: string): Root {
  const [whole = "", value = ""] = /^---\n([\s\S]*?)\n---\n/.exec(markdown) ?? [];
  const { children } = fromMarkdown(markdown.slice(whole.length));
  return { type: "root", children: [{ type: "yaml", value }, ...children] };
}

/** Letters with the names of their marks; spaces carry none that a reader sees. */
const lettersOf = (words: string, marks: ReadonlySet<string>): string[] => {
  const names = ["bold", "italic", "link"].filter((name) => marks.has(name)).join("+");
  return [...words].filter((letter) => letter.trim() !== "").map((letter) => `${letter} ${names}`);
};

/** Letters and marks of a Markdown tree, under the editor's names for them. */
function lettersIn(node: Nodes | undefined, marks: ReadonlySet<string> = new Set()): string[] {
  if (node === undefined) return [];
  if (node.type === "text") return lettersOf(node.value, marks);
  const mark = { strong: "bold", emphasis: "italic", link: "link" }[node.type as string];
  const inside = mark === undefined ? marks : new Set([...marks, mark]);
  return "children" in node ? node.children.flatMap((child) => lettersIn(child, inside)) : [];
}

const imageUrl = (id: string) => `http://localhost:3000/images/${id}`;

describe("markdown", () => {
  it("draws every kind of block, provenance first", () => {
    const markdown = exportMarkdown(rich, from, imageUrl);
    for (const piece of [
      '---\ntitle: "Maintenance plan"\nlang: "en-GB"',
      'version: "v4 “After exchange 3”"',
      `content_sha256: "${"ab".repeat(32)}"`,
      "# Maintenance plan\n",
      "## Why this plan\n",
      "**Bold** and [a link](https://example.org/a?b=1\\&c=2)",
      "- one\n",
      "3. three\n",
      "- [x] done\n- [ ] open\n",
      "> said\n",
      ":::warning\nmind\n:::\n",
      "```\na < b\n```",
      "| Module | Hours |",
      "| M1 \\| a | 60 |",
      `![A valve](http://localhost:3000/images/${imageId})`,
    ]) {
      expect(markdown).toContain(piece);
    }
  });

  it("[S5] keeps hostile words words: each is one paragraph with exactly that text when read back", () => {
    for (const words of hostileTexts) {
      const root = read(exportMarkdown(doc(paragraph(text(words)), paragraph(text("end"))), from, imageUrl));
      expect(root.children.map((child) => child.type)).toEqual(["yaml", "heading", "paragraph", "paragraph"]);
      const [, , first] = root.children;
      const children = first?.type === "paragraph" ? first.children : [];
      expect(children.map((child) => (child.type === "text" ? child.value : child.type)).join("")).toBe(
        cleanText(words),
      );
    }
  });

  it("writes a mark that neighbours share once, and reads back the marks every letter had", () => {
    const line = (...pieces: unknown[]) =>
      exportMarkdown(doc(paragraph(...pieces)), from, imageUrl)
        .split("\n")
        .at(-2);
    const [bold, italic, under] = [{ type: "bold" }, { type: "italic" }, { type: "underline" }];
    expect(line(text("Every ", bold), text("stop", bold, italic), text(" counts", bold))).toBe(
      "**Every _stop_ counts**",
    );
    expect(line(text("say ", italic), text("this", italic, under), text(" now"))).toBe("_say this_ now");
    expect(line(text("so "), text("bold ", bold), text("and on"))).toBe("so **bold** and on");

    const seed = seedOfRun();
    const random = seeded(seed);
    const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const count = trials(20_000, 2_000);
    for (let trial = 0; trial < count; trial++) {
      const pieces = Array.from({ length: 1 + Math.floor(random() * 6) }, () =>
        text(
          one(["a", "two words", " before", "after ", " ", "end.", "(in)", "*", "_", "é", "“so”"]),
          ...[bold, italic, under, { type: "link", attrs: { href: "https://example.org/" } }].filter(
            () => random() < 0.4,
          ),
        ),
      );
      const wanted = pieces.flatMap((piece) =>
        lettersOf(piece.text, new Set((piece.marks as { type: string }[]).map(({ type }) => type))),
      );
      const root = read(exportMarkdown(doc(paragraph(...pieces)), from, imageUrl));
      expect(lettersIn(root.children[2]), JSON.stringify(pieces)).toEqual(wanted);
    }
    told("marks in Markdown", count, seed, "0 letters with other marks");
  });

  it("keeps words under their column beside and below a merged cell", () => {
    const cell = (words: string, attrs: { colspan?: number; rowspan?: number } = {}) => ({
      type: "tableCell",
      attrs,
      content: [paragraph(text(words))],
    });
    const row = (...content: unknown[]) => ({ type: "tableRow", content });
    const table = doc({
      type: "table",
      content: [
        row(cell("A", { rowspan: 3 }), cell("b1"), cell("c1")),
        row(cell("b2", { colspan: 2, rowspan: 2 })),
        row(),
        row(cell("a4"), cell("b4"), cell("c4")),
      ],
    });
    const rows = exportMarkdown(table, from, imageUrl).split("\n").slice(-6);
    expect(rows.map((line) => line.replace(/ +/g, " "))).toEqual([
      "| A | b1 | c1 |",
      "| - | - | - |",
      "| | b2 | |",
      "| | | |",
      "| a4 | b4 | c4 |",
      "",
    ]);
  });

  it("is a fixed point: read and written again, it is the same text", () => {
    const common = doc(
      ...rich.content.filter(
        (block) => !["table", "taskList", "callout"].includes((block as { type: string }).type),
      ),
      ...hostileTexts.map((words) => paragraph(text(words))),
    );
    const once = exportMarkdown(common, from, imageUrl);
    const twice = writeMarkdown(read(once));
    expect(twice).toBe(once);
  });

  it("[S17] ends no front matter early, whatever stands in a title", () => {
    for (const title of hostileTexts) {
      const root = read(exportMarkdown(doc(), { ...from, title: cleanText(title) }, imageUrl));
      const [front, heading] = root.children;
      expect(front?.type === "yaml" && front.value.includes("content_sha256")).toBe(true);
      expect(heading?.type).toBe("heading");
      expect(root.children).toHaveLength(2);
    }
  });
});
