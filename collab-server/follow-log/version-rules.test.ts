import { describe, expect, it } from "vitest";
import {
  automaticVersion,
  handOverMs,
  idleMs,
  thinAfterMs,
  versionsToThin,
  wordsChanged,
} from "./version-rules.ts";

const pause = (given: { gapMs: number; last?: string | null; next?: string | null; words: number }) =>
  automaticVersion({
    gapMs: given.gapMs,
    lastSide: given.last ?? "provider",
    nextSide: given.next ?? "provider",
    wordsChanged: () => given.words,
  });

describe("automatic versions", () => {
  it("are cut after 10 minutes without writing and at least 20 changed words", () => {
    expect(pause({ gapMs: idleMs, words: 20 })).toBe("auto");
    expect(pause({ gapMs: idleMs - 1, words: 500 })).toBeNull();
    expect(pause({ gapMs: idleMs, words: 19 })).toBeNull();
  });

  it("mark the hand-over: the other side takes up after at least 30 minutes", () => {
    expect(pause({ gapMs: handOverMs, next: "employer", words: 1 })).toBe("handover");
    expect(pause({ gapMs: handOverMs - 1, next: "employer", words: 1 })).toBeNull();
    expect(pause({ gapMs: handOverMs, next: "employer", words: 0 })).toBeNull();
    expect(pause({ gapMs: handOverMs, next: "provider", words: 25 })).toBe("auto");
  });

  it("count changed words whichever way they went", () => {
    expect(wordsChanged("one two three", "one two three")).toBe(0);
    expect(wordsChanged("one two three", "one three two")).toBe(0);
    expect(wordsChanged("one two three", "one two")).toBe(1);
    expect(wordsChanged("one two three", "four five six")).toBe(3);
    expect(wordsChanged("", "– … 4 words")).toBe(2);
  });

  it("are thinned after 30 days to the last of each day and side; others never", () => {
    const now = Date.UTC(2015, 6, 1, 12);
    const old = now - thinAfterMs - 1;
    const day = Math.floor(old / 86_400_000) * 86_400_000;
    const version = (id: string, at: number, kind = "auto", side: string | null = "provider") => ({
      id,
      kind,
      at,
      side,
    });
    const gone = versionsToThin(
      [
        version("early", day + 1),
        version("late", day + 3),
        version("middle", day + 2),
        version("other side", day + 1, "auto", "employer"),
        version("day before", day - 1),
        version("named", day + 1, "named"),
        version("hand-over", day + 1, "handover"),
        version("before", day + 1, "before_restore"),
        version("young", now - 1),
        version("young too", now - 2),
      ],
      now,
    );
    expect(gone.toSorted()).toEqual(["early", "middle"]);
  });
});
