import { describe, expect, it } from "vitest";
import type { Result } from "../../app/domain/result.ts";
import type { FilePiece } from "../../app/export/render.ts";
import { type FileOrder, packText } from "./packed-text.ts";
import { openRenderer } from "./renderer.ts";

const order = (format: "html" | "md", text: string): FileOrder => ({
  format,
  ...packText({ type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text }] }] }),
  from: {
    title: "Plan",
    kindName: "Page",
    partnershipTitle: "Own",
    programmeTitle: "Programme",
    sides: [],
    isIllustrative: false,
    version: null,
    asAt: 0,
    contentHash: null,
    exportedBy: "Somebody",
    exportedAt: 0,
    url: "http://localhost/documents/x",
  },
  images: new Map([["x", { mediaType: "image/png", size: 1 }]]),
  imageBase: "http://localhost/images/",
});

const textOf = (file: Result<readonly FilePiece[]>) =>
  file.ok
    ? file.value.map((piece) => ("imageId" in piece ? "" : Buffer.from(piece).toString())).join("")
    : "";

describe("the renderer", () => {
  it("draws files in the order they were asked for, with the hash of what it drew", async () => {
    const renderer = openRenderer();
    const files = await Promise.all([
      renderer.render(order("html", "first")),
      renderer.render(order("md", "second")),
      renderer.render(order("html", "third")),
    ]);
    const texts = files.map(textOf);
    expect(texts[0]).toContain("<p>first</p>");
    expect(texts[1]).toMatch(/content_sha256: "[0-9a-f]{64}"[\s\S]*\nsecond\n$/);
    expect(texts[2]).toContain("<p>third</p>");
    await renderer.close();
  });

  it("gives up text that was made to be slow, without holding up this thread, and draws the next", async () => {
    const renderer = openRenderer({ deadlineMs: 1_000 });
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 5);
    const slow = renderer.render(order("md", "[".repeat(400_000)));
    const next = renderer.render(order("md", "[quick]"));
    expect(await slow).toEqual({ ok: false, refusal: { code: "export-too-long", facts: {} } });
    const file = await next;
    clearInterval(turning);
    expect(textOf(file)).toContain("\\[quick]");
    console.log(`slow text given up; this thread had ${turns} turns meanwhile`);
    expect(turns).toBeGreaterThan(20);
    await renderer.close();
  });
});
