import { describe, expect, it } from "vitest";
import { addressAtEnd, hrefFromTyped, safeHref } from "./safe-link.ts";
import { editorSchema } from "./schema.ts";

/** What runs, loads or leads elsewhere in some browser, reader or mail program. */
const schemes = [
  "javascript:alert(1)",
  "vbscript:msgbox(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:image/svg+xml,<svg onload=alert(1)>",
  "blob:https://example.org/1",
  "filesystem:https://example.org/temporary/x",
  "file:///etc/passwd",
  "about:blank",
  "chrome://settings",
  "view-source:https://example.org",
  "ws://example.org",
  "ftp://example.org",
  "intent://scan/#Intent;end",
  "ms-word:ofe|u|https://example.org/x.docx",
  "ssh://example.org",
  "git+ssh://example.org",
  "jar:https://example.org!/",
  "mhtml:https://example.org",
  "livescript:x",
  "feed:javascript:alert(1)",
];
const disguises: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => address.toUpperCase(),
  (address) => ` ${address}`,
  (address) => `\u0000${address}`,
  (address) => `\u0001${address}`,
  (address) => address.replace(":", "\t:"),
  (address) => address.replace(/^(.)/, "$1\n"),
  (address) => address.replace(/^(..)/, "$1\r\n"),
  (address) => `\u200b${address}`,
  (address) => `\ufeff${address}`,
  (address) => address.replace(/^(.)/, "$1\u00ad"),
];
const others: readonly unknown[] = [
  "/documents/1",
  "//example.org",
  "\\\\example.org",
  "https:example.org",
  "https:/example.org",
  "https:\\\\example.org",
  "https://user@example.org",
  "https://good.org@evil.org",
  "https://u:p@example.org",
  "https://",
  "http://[::1",
  "https://exa\u202emple.org",
  "https://example.org/\u202e",
  "#x",
  "?x",
  "",
  " ",
  "example.org",
  "x".repeat(3000),
  `https://example.org/${"x".repeat(3000)}`,
  null,
  undefined,
  1,
  true,
  {},
  [],
  { toString: () => "https://example.org" },
  ["https://example.org"],
];
const vectors: readonly unknown[] = [
  ...schemes.flatMap((address) => disguises.map((disguise) => disguise(address))),
  ...others,
];

describe("links", () => {
  it(`[S4] [S5] takes none of ${vectors.length} addresses that run, load or deceive`, () => {
    expect(vectors.length).toBeGreaterThanOrEqual(200);
    const taken = vectors.filter((vector) => safeHref(vector) !== null);
    expect(taken).toEqual([]);
    console.log(`[S4] ${vectors.length} addresses, 0 taken`);
  });

  it("[S5] a peer's attribute is harmless as soon as a mark is made of it, from JSON as from a command", () => {
    const link = editorSchema.marks["link"]!;
    for (const href of vectors) {
      expect(link.create({ href }).attrs).toEqual({ href: null });
      const paragraph = editorSchema.nodeFromJSON({
        type: "paragraph",
        content: [
          { type: "text", text: "x", marks: [{ type: "link", attrs: { href, onclick: "x", style: "x" } }] },
        ],
      });
      expect(paragraph.firstChild?.marks[0]?.attrs).toEqual({ href: null });
      const drawn = link.spec.toDOM?.(link.create({ href }), true) as [string, Record<string, string>];
      expect(drawn[1]["href"]).toBeUndefined();
    }
  });

  it("follows ordinary addresses unchanged", () => {
    for (const address of [
      "https://example.org/a?b=c#d",
      "http://example.org/",
      "mailto:ann@college.ac.uk",
      "tel:+441632960001",
    ]) {
      expect(safeHref(address)).toBe(address);
    }
  });

  it("makes an address of what people type", () => {
    expect(hrefFromTyped("example.org/plan")).toBe("https://example.org/plan");
    expect(hrefFromTyped("www.example.org")).toBe("https://www.example.org/");
    expect(hrefFromTyped("ann@college.ac.uk")).toBe("mailto:ann@college.ac.uk");
    expect(hrefFromTyped("localhost:3000")).toBeNull();
    expect(hrefFromTyped("javascript:alert(1)")).toBeNull();
    expect(hrefFromTyped("the next page")).toBeNull();
  });

  it("finds the address that ends what was typed, without the stops behind it", () => {
    const found = (typed: string) => {
      const address = addressAtEnd(typed);
      return address && [address.text, address.href, typed.slice(typed.length - address.fromEnd)];
    };
    expect(found("See www.example.org")).toEqual([
      "www.example.org",
      "https://www.example.org/",
      "www.example.org",
    ]);
    expect(found("Ask ann@college.ac.uk, ")).toBeNull();
    expect(found("Ask (ann@college.ac.uk),")).toEqual([
      "ann@college.ac.uk",
      "mailto:ann@college.ac.uk",
      "ann@college.ac.uk),",
    ]);
    const bracketed = "https://example.org/Plan_(draft)";
    expect(found(`(${bracketed}).`)).toEqual([bracketed, bracketed, `${bracketed}).`]);
    expect(found("“https://example.org/x”")).toEqual([
      "https://example.org/x",
      "https://example.org/x",
      "https://example.org/x”",
    ]);
    for (const none of [
      "@Helen",
      "a@b",
      "ann@",
      "https://",
      "www.",
      "plan.docx",
      "javascript:alert(1)",
      "x https://u@example.org",
    ]) {
      expect(found(none)).toBeNull();
    }
  });
});
