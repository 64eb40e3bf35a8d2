/** Contrast of the token pairs, computed from tokens.css by the WCAG 2.2 formula. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Tokens = ReadonlyMap<string, string>;

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const darkAt = css.indexOf("prefers-color-scheme: dark");

function tokensIn(text: string): Map<string, string> {
  return new Map(
    Array.from(text.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})\b/g), (match) => [match[1]!, match[2]!]),
  );
}

const light: Tokens = tokensIn(css.slice(0, darkAt));
const dark: Tokens = new Map([...light, ...tokensIn(css.slice(darkAt))]);

/** Relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const channel = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

/** Foreground tokens and the grounds each is set on. */
const textPairs: readonly (readonly [string, readonly string[]])[] = [
  ["--ink", ["--desk", "--paper", "--wash", "--mark", "--selection", "--provider-tint", "--employer-tint"]],
  ["--ink", ["--agreed-tint", "--warning-tint", "--danger-tint", "--intermediary-tint"]],
  ["--muted", ["--desk", "--paper", "--wash"]],
  ["--provider", ["--desk", "--paper", "--provider-tint", "--wash"]],
  ["--employer", ["--desk", "--paper", "--employer-tint", "--wash"]],
  ["--intermediary", ["--desk", "--paper", "--intermediary-tint", "--wash"]],
  ["--on-side", ["--provider", "--employer", "--intermediary"]],
  ["--agreed", ["--desk", "--paper", "--agreed-tint"]],
  ["--warning", ["--desk", "--paper", "--warning-tint"]],
  ["--danger", ["--desk", "--paper", "--danger-tint"]],
  ["--paper", ["--ink"]],
];
/** Lines and shapes without which a control or a picture cannot be read. */
const partPairs: typeof textPairs = [
  ["--line-strong", ["--desk", "--paper"]],
  ["--road-paint", ["--road"]],
];
/** The focus ring is yellow inside one pixel of ink: one of the two stands out in each scheme. */
const focusPairs = {
  light: [["--ink", ["--focus", "--desk", "--paper"]]],
  dark: [["--focus", ["--desk", "--paper", "--wash"]]],
} as const;

describe.each([
  ["light", light],
  ["dark", dark],
] as const)("contrast in the %s scheme", (scheme, tokens) => {
  const measured = (pairs: typeof textPairs) =>
    pairs.flatMap(([front, grounds]) =>
      grounds.map((ground) => {
        const [a, b] = [tokens.get(front), tokens.get(ground)];
        if (!a || !b) throw new Error(`${front} or ${ground} is not in tokens.css`);
        return { pair: `${front} on ${ground}`, ratio: Math.round(contrast(a, b) * 100) / 100 };
      }),
    );

  it("gives every text 4.5:1 or better on each of its grounds", () => {
    const all = measured(textPairs);
    console.log(`${all.length} text pairs, least ${Math.min(...all.map(({ ratio }) => ratio))}:1`);
    expect(all.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });

  it("gives the lines of controls, the road's paint and the focus ring 3:1 or better", () => {
    const all = measured([...partPairs, ...focusPairs[scheme]]);
    console.log(`${all.length} part pairs, least ${Math.min(...all.map(({ ratio }) => ratio))}:1`);
    expect(all.filter(({ ratio }) => ratio < 3)).toEqual([]);
  });
});
