import { describe, expect, it } from "vitest";
import { hashForWords, wordsInHash } from "./words-to-find.ts";

describe("the words a document is opened at", () => {
  it("come through an address as they were, whatever was typed", () => {
    expect(hashForWords("seal wear")).toBe("#find=seal+wear");
    for (const typed of ["Hygiène & <b>100%</b>", "#a=b?c", "日本 \u{1d518}nit", "🙂 half \ud83d"])
      expect(wordsInHash(hashForWords(typed))).toEqual(
        typed.match(/[\p{L}\p{N}]+/gu)?.map((word) => word.normalize("NFC")),
      );
    // A word cut in the middle of a letter of two units is no address that throws.
    expect(() => hashForWords("\u{1d518}".repeat(33) + "x".repeat(9))).not.toThrow();
  });

  it("are none where an address says none, or is damaged", () => {
    expect(hashForWords(" ?! ")).toBe("");
    for (const hash of ["", "#", "#about", "#find=", "#find=%E0%A4%A", "#%"])
      expect(wordsInHash(hash).filter((word) => /^[a-z]+$/.test(word))).toEqual([]);
  });
});
