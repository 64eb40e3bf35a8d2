import { describe, expect, it } from "vitest";
import { markedText, type PassagePart, passage, searchWords } from "./passage.ts";

const shown = (parts: readonly PassagePart[]) =>
  parts.map(({ text, isFound }) => (isFound ? `[${text}]` : text)).join("");

describe("the passage of a search", () => {
  it("shows ten words before the first found one and twenty-eight in all", () => {
    const words = Array.from({ length: 100 }, (_, index) => `w${index}`);
    const text = words.with(50, "seal").join(" ");
    const around = [...words.slice(40, 50), "[seal]", ...words.slice(51, 68)].join(" ");
    expect(shown(passage(text, ["seal"]))).toBe(` … ${around}  … `);
  });

  it("marks words without regard to case and accents, and the last one also where it is begun", () => {
    expect(shown(passage("Hygiène first: HYGIENE, hygienic seals.", ["hygiene"]))).toBe(
      "[Hygiène] first: [HYGIENE], hygienic seals.",
    );
    expect(shown(markedText("A worn seal, worn-out seals", ["worn", "sea"]))).toBe(
      "A [worn] [seal], [worn]-out [seals]",
    );
    expect(shown(markedText("A seal, sealed", ["seal", "a"]))).toBe("[A] [seal], sealed");
  });

  it("begins at the start where the words stand nowhere, and says nothing of nothing", () => {
    expect(shown(passage("one two three", ["seal"]))).toBe("one two three");
    expect(shown(passage("w ".repeat(40), ["seal"]))).toBe(`${"w ".repeat(28)} … `);
    expect(passage("", ["seal"])).toEqual([]);
    expect(shown(markedText("plan", []))).toBe("plan");
  });

  it("loses no character of the passage, whatever stands in it", () => {
    const text = "👩‍👩‍👧 naïve\u0301 ﷽ 𝔘nit — «éàü» \u202Ex";
    expect(
      markedText(text, ["naive", "unit"])
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
    expect(
      passage(text, ["nothing"])
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });

  it("takes twelve words at most, and none where there is no letter", () => {
    expect(searchWords("a ".repeat(50))).toHaveLength(12);
    expect(searchWords('plan" OR NEAR(x)')).toEqual(["plan", "OR", "NEAR", "x"]);
    expect(searchWords("!?* \u0301")).toEqual([]);
  });
});
