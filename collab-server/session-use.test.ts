/** Use is noted, but not for every keystroke. */
import { describe, expect, it } from "vitest";
import { SessionUse } from "./session-use.ts";

describe("use of a session by writing", () => {
  it("[W12][CS27] an hour of ten keystrokes a second by two people is noted twelve times for each", () => {
    let now = 1_000_000;
    const notes = new Map<string, number[]>();
    const use = new SessionUse(
      () => now,
      (sessionId, at) => notes.set(sessionId, [...(notes.get(sessionId) ?? []), at]),
    );
    for (let tenth = 0; tenth < 36_000; tenth++) {
      use.wrote("one");
      use.wrote("other");
      if (tenth % 50 === 0) use.sweep();
      now += 100;
    }
    expect(notes.get("one")).toHaveLength(12);
    expect(notes.get("other")).toEqual(notes.get("one"));
    expect(notes.get("one")?.slice(0, 3)).toEqual([1_000_000, 1_300_000, 1_600_000]);
  });
});
