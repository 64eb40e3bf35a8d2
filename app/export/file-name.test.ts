import { describe, expect, it } from "vitest";
import { traversalCorpus } from "../../db/testing/traversal-corpus.ts";
import { hostileTexts } from "./__fixtures__/hostile.ts";
import { attachmentHeader, safeFileName } from "./file-name.ts";

const corpus = traversalCorpus({
  canary: "/srv/two-way/canary.txt",
  database: "/srv/two-way/data/two-way.db",
});
const titles = [
  ...hostileTexts,
  ...corpus,
  "../../etc/passwd",
  "..\\..\\windows\\system32",
  "/absolute",
  "C:\\x",
  "CON",
  "nul",
  ".htaccess",
  "a\r\nSet-Cookie: x=1",
  'quote"; filename="evil.exe',
  "semi;colon",
  "%2e%2e%2f",
  "",
  "   ",
  "…",
  "a".repeat(500),
  "ŵ".repeat(200),
  "🏗️".repeat(50),
  "plan\u0000.exe",
  "report.html.exe",
  "Cynllun cwricwlwm: peirianneg (drafft)",
];

describe("names of files", () => {
  it("[S8] [S17] hold letters, digits and a few signs of any script, whatever the title", () => {
    let count = 0;
    for (const title of titles) {
      for (const label of ["v4", "v4 “After exchange 3”", title, "Draft", "<>"]) {
        const name = safeFileName(title, label, "html");
        expect(name).toMatch(/^[\p{L}\p{N}\p{M} _,()-]{1,80}\.html$/u);
        expect(name).not.toMatch(/\.\.|^\.|^ | \.html$/);
        const header = attachmentHeader(name);
        expect(header).toMatch(
          /^attachment; filename="[A-Za-z0-9 _,().-]+"; filename\*=UTF-8''[A-Za-z0-9%_.~!-]+$/,
        );
        expect(decodeURIComponent(header.split("UTF-8''")[1] ?? "")).toBe(name);
        count += 1;
      }
    }
    console.log(`[S8] names of files: ${count} titles and labels, ${corpus.length} of the corpus, 0 unsafe`);
    expect(count).toBeGreaterThanOrEqual(1_500);
  });

  it("keep a title a person recognises", () => {
    expect(safeFileName("Maintenance plan: year 1/2", "v4", "md")).toBe("Maintenance plan year 1 2 v4.md");
    expect(safeFileName("Cynllun ŵyl", "v1", "html")).toBe("Cynllun ŵyl v1.html");
  });
});
