// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { hashForWords, rememberWords, wordsInHash, wordsTaken, wordsToFind } from "./words-to-find.ts";

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
    for (const hash of ["", "#", "#about", "#find=", "#%", "#sought=seal"])
      expect(wordsInHash(hash), hash).toEqual([]);
    expect(() => wordsInHash("#find=%E0%A4%A")).not.toThrow();
  });

  it("lead to the passage once for each opening, whether an address carries them or memory alone", () => {
    window.history.pushState({ key: "one" }, "", "/documents/1#find=seal");
    expect(wordsToFind("1")).toEqual(["seal"]);
    wordsTaken();
    expect(wordsToFind("1"), "the editor was made anew").toEqual([]);
    window.history.pushState({ key: "two" }, "", "/documents/1#find=seal");
    expect(wordsToFind("1"), "the result was opened again").toEqual(["seal"]);

    window.history.pushState({ key: "three" }, "", "/documents/2");
    rememberWords("2", "worn pump");
    expect(wordsToFind("1")).toEqual([]);
    expect(wordsToFind("2")).toEqual(["worn", "pump"]);
    wordsTaken();
    expect(wordsToFind("2")).toEqual([]);
  });
});
