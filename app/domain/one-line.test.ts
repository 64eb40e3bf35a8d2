import { describe, expect, it } from "vitest";
import { oneLine, withoutControls } from "./one-line.ts";
import { parseLine } from "./partnership.ts";

describe("one line of text", () => {
  it("keeps words and signs that are written with joiners", () => {
    for (const text of ["می‌خواهم", "🧑‍🚀👩‍👩‍👧‍👦 family", "ක්‍ර", "🏴󠁧󠁢󠁷󠁬󠁳󠁿 Cymru", "Ŵyn Môn"])
      expect(oneLine(text)).toBe(text);
    expect(parseLine("می‌خواهم", "title", { required: true })).toMatchObject({ value: "می‌خواهم" });
  });

  it("takes out what turns the writing round, hides in the text or breaks the line", () => {
    const bidi = [0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e];
    const isolates = [0x2066, 0x2067, 0x2068, 0x2069];
    const hidden = [0x00ad, 0x180e, 0x200b, 0x2060, 0x2064, 0x206a, 0xfeff, 0xfff9];
    for (const code of [...bidi, ...isolates, ...hidden]) {
      const sign = String.fromCodePoint(code);
      expect(oneLine(`gpj${sign}.exe`), code.toString(16)).toBe("gpj.exe");
      expect(parseLine(`A${sign}B`, "title", { required: true })).toMatchObject({ value: "AB" });
      expect(withoutControls(` ${sign} `)).toBe("  ");
    }
    for (const code of [0, 9, 10, 13, 0x1b, 0x7f, 0x85, 0x2028, 0x2029])
      expect(oneLine(`one${String.fromCodePoint(code)}two`), code.toString(16)).toBe("one two");
    expect(oneLine("half \ud83d pair")).toBe("half \ufffd pair");
  });

  it("is empty when nothing in it can be seen, and tidy at its ends", () => {
    expect(oneLine(" \n\t\u200b\u200c\u200d\u202e ")).toBe("");
    expect(oneLine("\u200d  Maintenance \n\n plan \u200c")).toBe("Maintenance plan");
    expect(oneLine("e\u0301")).toBe("é");
  });
});
