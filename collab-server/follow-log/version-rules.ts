/**
 * Automatic versions: when is one cut, and which may go again? (versions guide §1.2)
 * Pure over the times of rows, so that a replay and demonstration history give the same
 * versions as living through it. Named, signed, milestone, restore and hand-over
 * versions are never thinned.
 */
import type { Side } from "../../app/domain/sides.ts";

const minuteMs = 60_000;
/** A pause this long ends a piece of work. */
export const idleMs = 10 * minuteMs;
/** After a pause this long the other side takes over. */
export const handOverMs = 30 * minuteMs;
/** Fewer changed words than this are not worth a version of their own. */
export const wordsChangedMin = 20;
/** Automatic versions older than this are thinned to one per day and side. */
export const thinAfterMs = 30 * 24 * 60 * minuteMs;

export type Pause = {
  /** Between the last row and this moment, ms. */
  readonly gapMs: number;
  /** Side of whoever wrote last, and of who writes now; null for the server, or for nobody yet. */
  readonly lastSide: string | null;
  readonly nextSide: string | null;
  /** Words since the newest version; asked only when it decides. */
  wordsChanged(): number;
};

/** Which version, if any, is cut before this moment's row. */
export function automaticVersion(pause: Pause): "handover" | "auto" | null {
  if (pause.gapMs < idleMs) return null;
  const isOtherSide = pause.lastSide !== null && pause.nextSide !== null && pause.lastSide !== pause.nextSide;
  if (isOtherSide && pause.gapMs >= handOverMs && pause.wordsChanged() > 0) return "handover";
  return pause.wordsChanged() >= wordsChangedMin ? "auto" : null;
}

/** Words that stand in only one of two texts, whichever way they moved: a cheap measure of change. */
export function wordsChanged(before: string, after: string): number {
  const count = new Map<string, number>();
  for (const word of wordsOf(after)) count.set(word, (count.get(word) ?? 0) + 1);
  for (const word of wordsOf(before)) count.set(word, (count.get(word) ?? 0) - 1);
  let changed = 0;
  let added = 0;
  for (const difference of count.values()) {
    if (difference > 0) added += difference;
    else changed -= difference;
  }
  return Math.max(changed, added);
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

/**
 * Ids of the automatic versions that may go: those older than 30 days that are not the
 * last of their day (UTC) and side. `side` is the side that wrote most of it.
 */
export function versionsToThin(
  versions: readonly {
    readonly id: string;
    readonly kind: string;
    readonly at: number;
    readonly side: Side | string | null;
  }[],
  now: number,
): readonly string[] {
  const kept = new Set<string>();
  const gone: string[] = [];
  for (const version of [...versions].sort((a, b) => b.at - a.at)) {
    if (version.kind !== "auto" || now - version.at <= thinAfterMs) continue;
    const place = `${new Date(version.at).toISOString().slice(0, 10)} ${version.side ?? "none"}`;
    if (kept.has(place)) gone.push(version.id);
    else kept.add(place);
  }
  return gone;
}
