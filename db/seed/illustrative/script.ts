/**
 * How the history of a demonstration document is told: who sat down when, and what
 * they wrote, rewrote or struck out. `write-history.ts` plays it into the real log.
 */
import type { Block } from "../blocks.ts";

export type Act =
  /** Writes blocks at the end of the section under a heading; the heading is made when missing. */
  | { readonly act: "under"; readonly heading: string; readonly blocks: readonly Block[] }
  /** Replaces words inside one paragraph. */
  | { readonly act: "rewrite"; readonly from: string; readonly to: string }
  /** Writes on, right behind these words. */
  | { readonly act: "continue"; readonly after: string; readonly text: string }
  /** Writes blocks behind the block that holds these words. */
  | { readonly act: "below"; readonly words: string; readonly blocks: readonly Block[] }
  /** Ticks the task that holds these words. */
  | { readonly act: "tick"; readonly words: string }
  /** Strikes out the block that holds these words. */
  | { readonly act: "strike"; readonly words: string }
  /** Names a version of what stands there now. */
  | { readonly act: "name"; readonly name: string; readonly note: string | null };

export type Sitting = {
  /** Key of a person of the partnership. */
  readonly who: string;
  /** UTC, to the minute: `2026-02-13T09:30`. */
  readonly at: string;
  readonly acts: readonly Act[];
};

export const under = (heading: string, ...blocks: readonly Block[]): Act => ({
  act: "under",
  heading,
  blocks,
});
export const rewrite = (from: string, to: string): Act => ({ act: "rewrite", from, to });
export const goOn = (after: string, text: string): Act => ({ act: "continue", after, text });
export const below = (words: string, ...blocks: readonly Block[]): Act => ({ act: "below", words, blocks });
export const tick = (words: string): Act => ({ act: "tick", words });
export const strike = (words: string): Act => ({ act: "strike", words });
export const nameVersion = (name: string, note: string | null = null): Act => ({ act: "name", name, note });
export const sitting = (who: string, at: string, ...acts: readonly Act[]): Sitting => ({ who, at, acts });
