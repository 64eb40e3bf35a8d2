import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { hostileHrefs, hostileNodes, hostileTexts } from "./__fixtures__/hostile.ts";
import { doc, from, imageId, paragraph, rich, text } from "./__fixtures__/rich.ts";
import { exportHtml } from "./export-html.ts";
import { cleanText } from "./export-tree.ts";
import { fragmentHtml } from "./html-fragment.ts";

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
    const images = new Map([[imageId, { mediaType: "image/png", size: 3 }]]);
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
