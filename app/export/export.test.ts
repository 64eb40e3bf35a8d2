import { JSDOM } from "jsdom";
import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, it } from "vitest";
import { seeded, seedOfRun, told, trials } from "../../collab-server/testing/count.ts";
import { safeHref } from "../document/safe-link.ts";
import { hostileHrefs, hostileNodes, hostileTexts } from "./__fixtures__/hostile.ts";
import { exportHtml } from "./export-html.ts";
import { exportMarkdown, writeMarkdown } from "./export-markdown.ts";
import { cleanText, exportTree, imageIdsOf } from "./export-tree.ts";
import { fragmentHtml } from "./html-fragment.ts";
import type { Provenance } from "./provenance.ts";

const imageId = "22222222-2222-4222-8222-222222222222";
const from: Provenance = {
  title: "Maintenance plan",
  kindName: "Curriculum plan",
  partnershipTitle: "An invented college with an invented employer",
  programmeTitle: "Side by Side",
  sides: [
    { side: "provider", organisations: ["Invented College"] },
    { side: "employer", organisations: ["Invented Dairies", "Invented Bakery"] },
  ],
  isIllustrative: true,
  version: { number: 4, name: "After exchange 3", madeAt: Date.UTC(2026, 5, 9, 14) },
  asAt: Date.UTC(2026, 5, 9, 14),
  contentHash: "ab".repeat(32),
  exportedBy: "Nadia Rahmani, Invented College",
  exportedAt: Date.UTC(2026, 5, 10, 8, 30),
  url: "http://localhost:3000/documents/x",
};
const text = (value: string, ...marks: unknown[]) => ({ type: "text", text: value, marks });
const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });
const doc = (...content: unknown[]) => ({ type: "doc", content });

const rich = doc(
  { type: "heading", attrs: { level: 1 }, content: [text("Why this plan")] },
  paragraph(
    text("Bold", { type: "bold" }),
    text(" and "),
    text("a link", { type: "link", attrs: { href: "https://example.org/a?b=1&c=2" } }),
  ),
  { type: "heading", attrs: { level: 3 }, content: [text("Deeper")] },
  { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("one"))] }] },
  {
    type: "orderedList",
    attrs: { start: 3 },
    content: [{ type: "listItem", content: [paragraph(text("three"))] }],
  },
  {
    type: "taskList",
    content: [
      { type: "taskItem", attrs: { checked: true }, content: [paragraph(text("done"))] },
      { type: "taskItem", attrs: { checked: false }, content: [paragraph(text("open"))] },
    ],
  },
  { type: "blockquote", content: [paragraph(text("said"))] },
  { type: "callout", attrs: { tone: "warning" }, content: [paragraph(text("mind"))] },
  { type: "codeBlock", content: [text("a < b")] },
  { type: "horizontalRule" },
  {
    type: "table",
    content: [
      {
        type: "tableRow",
        content: [
          { type: "tableHeader", content: [paragraph(text("Module"))] },
          { type: "tableHeader", content: [paragraph(text("Hours"))] },
        ],
      },
      {
        type: "tableRow",
        content: [
          { type: "tableCell", content: [paragraph(text("M1 | a"))] },
          { type: "tableCell", content: [paragraph(text("60"))] },
        ],
      },
    ],
  },
  { type: "image", attrs: { imageId, alt: "A valve" } },
  paragraph(
    { type: "mention", attrs: { id: "u", label: "Helen Mistry" } },
    { type: "hardBreak" },
    text("after"),
  ),
  paragraph(),
);

const allowedElements = new Set(
  "A BLOCKQUOTE BR CODE DIV EM FIGURE H1 H2 H3 H4 H5 H6 HR IMG LI OL P PRE S SPAN STRONG TABLE TBODY TD TH THEAD TR U UL".split(
    " ",
  ),
);
const allowedAttributes = new Set(
  "href rel src alt class colspan rowspan scope start data-tone role aria-label".split(" "),
);

/** Everything in the markup that is not on the list, as a browser's parser sees it. */
function strangers(html: string): string[] {
  const { document } = new JSDOM(`<body>${html}</body>`).window;
  const found: string[] = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (!allowedElements.has(element.tagName)) found.push(element.tagName);
    for (const { name, value } of element.attributes) {
      if (!allowedAttributes.has(name)) found.push(`${element.tagName} ${name}`);
      if (name === "href" && !/^(https?|mailto|tel):/.test(value)) found.push(value);
      if (name === "src" && value !== `/images/${imageId}`) found.push(value);
    }
  }
  return found;
}

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

describe("html", () => {
  it("draws every kind of block", () => {
    const html = fragmentHtml(rich);
    for (const piece of [
      "<h2>Why this plan</h2>",
      "<strong>Bold</strong>",
      'href="https://example.org/a?b=1&amp;c=2"',
      "<h3>Deeper</h3>",
      '<ol start="3">',
      'aria-label="Done"',
      "<blockquote><p>said</p></blockquote>",
      'data-tone="warning"',
      "a &lt; b",
      "<hr>",
      '<thead><tr><th scope="col"><p>Module</p></th>',
      `<img src="/images/${imageId}" alt="A valve">`,
      "@Helen Mistry<br>after",
    ]) {
      expect(html).toContain(piece);
    }
    expect(strangers(html)).toEqual([]);
  });

  it("[S4] [S5] lets no hostile text, link, attribute or node become markup", () => {
    let vectors = 0;
    const look = (...content: unknown[]) => {
      vectors += 1;
      expect(strangers(fragmentHtml(doc(...content)))).toEqual([]);
    };
    for (const href of hostileHrefs)
      for (const words of hostileTexts) look(paragraph(text(words, { type: "link", attrs: { href } })));
    for (const node of hostileNodes) {
      look(node);
      look({ type: "blockquote", content: [node] });
      look(paragraph(node));
    }
    console.log(`hostile content: ${vectors} vectors, 0 became markup`);
    expect(vectors).toBeGreaterThan(500);
  });

  it("keeps hostile words readable as words", () => {
    for (const words of hostileTexts) {
      const { document } = new JSDOM(`<body>${fragmentHtml(doc(paragraph(text(words))))}</body>`).window;
      expect(document.body.textContent).toBe(cleanText(words));
    }
  });

  it("[S5] makes one file without script or outside address, with both sides and its provenance", () => {
    const images = new Map([[imageId, "image/png"]]);
    const pieces = exportHtml(rich, from, images);
    expect(pieces.filter((piece) => typeof piece !== "string")).toEqual([{ imageId }]);
    const html = pieces.map((piece) => (typeof piece === "string" ? piece : "AQID")).join("");
    const { document } = new JSDOM(html).window;
    expect(document.querySelector("script, link, iframe, object, base")).toBeNull();
    expect(document.title).toBe("Maintenance plan");
    expect(document.documentElement.lang).toBe("en-GB");
    expect(document.querySelectorAll("h1")).toHaveLength(1);
    const policy = document.querySelector("meta[http-equiv]")?.getAttribute("content") ?? "";
    expect(policy).toMatch(/^default-src 'none'; img-src data:; style-src 'sha256-/);
    expect(document.querySelector("img")?.getAttribute("src")).toBe("data:image/png;base64,AQID");
    expect(html.match(/(?:src|href)="(?!data:image\/png|https:\/\/example\.org)/g)).toBeNull();
    expect(document.querySelector(".sides")?.textContent).toContain(
      "◆ Employer: Invented Dairies, Invented Bakery",
    );
    expect(document.querySelector("header")?.textContent).toContain("Illustrative content");
    expect(document.querySelector("footer")?.textContent).toBe(
      `Maintenance plan · v4 “After exchange 3” · as at Tue 9 Jun 2026, 15:00 · content SHA-256 ${"ab".repeat(32)} · exported by Nadia Rahmani, Invented College on Wed 10 Jun 2026, 09:30 · http://localhost:3000/documents/x`,
    );
  });

  it("[S4] stays whole whatever stands in a title", () => {
    for (const title of hostileTexts) {
      const html = exportHtml(doc(), { ...from, title, exportedBy: title, partnershipTitle: title }).join("");
      const { document } = new JSDOM(html).window;
      expect(document.querySelector("script, iframe, img, svg, base, link")).toBeNull();
      expect(document.querySelector("h1")?.textContent).toBe(cleanText(title));
    }
  });
});

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
