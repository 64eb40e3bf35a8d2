import { describe, expect, it } from "vitest";
import {
  emptySaveState,
  patienceMs,
  reduceSaveState,
  type SaveEvent,
  type SaveState,
  saveWords,
  unsavedChanges,
  wouldLose,
} from "./save-state.ts";

const noon = Date.parse("2015-05-12T12:04:30Z");
const stateAfter = (...events: readonly SaveEvent[]): SaveState =>
  events.reduce(reduceSaveState, emptySaveState);
const words = (state: SaveState, now = noon) => saveWords(state, now, "UTC").text;

const open: readonly SaveEvent[] = [
  { kind: "connected" },
  { kind: "frame-sent" },
  { kind: "synced", at: noon },
];
const typed: readonly SaveEvent[] = [{ kind: "changed", at: noon }, { kind: "frame-sent" }];

describe("save state", () => {
  it("says nothing about saving before the document has arrived", () => {
    expect(words(emptySaveState)).toBe("Opening…");
    expect(words(stateAfter({ kind: "connected" }))).toBe("Opening…");
  });

  it("says Saved with the time when everything durable has arrived and nothing waits", () => {
    expect(words(stateAfter(...open))).toBe("Saved 12:04");
  });

  it("[D9] leaves Saved with the first key and comes back only with the server's count", () => {
    const writing = stateAfter(...open, ...typed);
    expect(words(writing)).toBe("Saving…");
    // The frame before it is acknowledged: the SyncStep2 of the connection, not the change.
    expect(words(reduceSaveState(writing, { kind: "acked", frames: 1, at: noon }))).toBe("Saving…");
    expect(words(reduceSaveState(writing, { kind: "acked", frames: 2, at: noon + 60_000 }))).toBe(
      "Saved 12:05",
    );
  });

  it("[D9] calls a server that cannot store by its name, not a lost network, also while it closes the line", () => {
    const kept: SaveEvent = { kind: "kept", isKept: true };
    const refused = stateAfter(kept, ...open, ...typed, { kind: "trouble" }, { kind: "disconnected" });
    const late = noon + patienceMs;
    expect(words(refused, late)).toBe("Not saved yet. Keep this page open, we are still trying.");
    const settled: SaveEvent = { kind: "settled" };
    const offline = reduceSaveState(refused, { kind: "online", isOnline: false });
    expect(words(reduceSaveState(offline, settled), late)).toBe("Offline. 1 change kept on this device.");
    expect(words(stateAfter(kept, ...open, ...typed, { kind: "disconnected" }, settled), late)).toBe(
      "Offline. 1 change kept on this device.",
    );
  });

  it("[D9] never takes a count for more than was sent", () => {
    const writing = stateAfter(...open, ...typed);
    expect(unsavedChanges(reduceSaveState(writing, { kind: "acked", frames: 99, at: noon }))).toBe(1);
  });

  it("[D10] stops saying Saving… when nothing has moved for a while, and at once when storing fails", () => {
    const writing = stateAfter(...open, ...typed);
    expect(words(writing, noon + patienceMs - 1)).toBe("Saving…");
    expect(words(writing, noon + patienceMs)).toBe(
      "Not saved yet. Keep this page open, we are still trying.",
    );
    expect(words(reduceSaveState(writing, { kind: "trouble" }))).toBe(
      "Not saved yet. Keep this page open, we are still trying.",
    );
    const saved = stateAfter(...open, ...typed, { kind: "trouble" }, { kind: "acked", frames: 2, at: noon });
    expect(words(saved)).toBe("Saved 12:04");
  });

  it("counts what is kept on this device while offline", () => {
    const away: readonly SaveEvent[] = [
      { kind: "kept", isKept: true },
      ...open,
      { kind: "online", isOnline: false },
      { kind: "disconnected" },
    ];
    expect(words(stateAfter(...away))).toBe("Offline. Saved 12:04.");
    const fourteen = Array.from({ length: 14 }, (): SaveEvent => ({ kind: "changed", at: noon }));
    const settled: SaveEvent = { kind: "settled" };
    expect(words(stateAfter(...away, ...fourteen, settled))).toBe("Offline. 14 changes kept on this device.");
    expect(words(stateAfter(...away, { kind: "changed", at: noon }, settled))).toBe(
      "Offline. 1 change kept on this device.",
    );
  });

  it("[D10] calls nothing kept that this device has not written down", () => {
    const typed: SaveEvent = { kind: "changed", at: noon };
    const away: readonly SaveEvent[] = [
      { kind: "kept", isKept: true },
      ...open,
      { kind: "online", isOnline: false },
      { kind: "disconnected" },
      typed,
    ];
    expect(words(stateAfter(...away))).toBe("Offline. Saved 12:04.");
    const behind = stateAfter(...away, typed, { kind: "settled" }, typed);
    expect(words(behind)).toBe("Offline. 2 changes kept on this device.");
    expect(words(reduceSaveState(behind, { kind: "settled" }))).toBe(
      "Offline. 3 changes kept on this device.",
    );
    expect(words(behind, noon + patienceMs)).toBe("Not saved yet. Keep this page open, we are still trying.");
  });

  it("[W12] does not speak of this device where nothing is kept on it", () => {
    const away = stateAfter(...open, { kind: "online", isOnline: false }, { kind: "disconnected" }, ...typed);
    expect(words(away)).toBe("Not saved yet. Keep this page open, we are still trying.");
    expect(wouldLose(away)).toBe(true);
    expect(wouldLose({ ...away, isKept: true })).toBe(false);
  });

  it("[D10] counts what was in flight on a lost line as unsaved until the next line has carried it", () => {
    const lost = stateAfter(...open, ...typed, ...typed, { kind: "disconnected" });
    expect(unsavedChanges(lost)).toBe(2);
    const back = stateAfter(...open, ...typed, ...typed, { kind: "disconnected" }, { kind: "connected" });
    // A count that belongs to the old line means nothing on the new one.
    expect(unsavedChanges(reduceSaveState(back, { kind: "acked", frames: 3, at: noon }))).toBe(2);
    const offered = reduceSaveState(back, { kind: "frame-sent" });
    expect(unsavedChanges(reduceSaveState(offered, { kind: "acked", frames: 1, at: noon }))).toBe(0);
  });

  it("takes up changes that an earlier page left behind", () => {
    const found = stateAfter(
      { kind: "kept", isKept: true },
      { kind: "found", changes: 3, at: noon },
      { kind: "filled" },
      { kind: "online", isOnline: false },
    );
    expect(words(found)).toBe("Offline. 3 changes kept on this device.");
  });

  it("[D9] never says Saved while a change waits, over 20,000 random steps", () => {
    const seed = 20150512;
    let random = seed;
    const next = (below: number) => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      return random % below;
    };
    let state = emptySaveState;
    // The server's side of it, kept apart: which changes a frame carried, which frames are durable.
    let waiting = 0;
    let frames: number[] = [];
    let durable = 0;
    let isConnected = false;
    let said = 0;
    for (let step = 0; step < 20_000; step += 1) {
      const at = noon + step;
      const choice = next(6);
      if (choice === 0) {
        state = reduceSaveState(state, { kind: "changed", at });
        waiting += 1;
      } else if (choice === 1 && isConnected) {
        state = reduceSaveState(state, { kind: "frame-sent" });
        frames.push(waiting);
        waiting = 0;
      } else if (choice === 2 && durable < frames.length) {
        durable += 1 + next(frames.length - durable);
        state = reduceSaveState(state, { kind: "acked", frames: durable, at });
      } else if (choice === 3 && next(8) === 0) {
        waiting += frames.slice(durable).reduce((sum, changes) => sum + changes, 0);
        frames = [];
        durable = 0;
        isConnected = !isConnected;
        state = reduceSaveState(state, { kind: isConnected ? "connected" : "disconnected" });
      } else if (choice === 4) state = reduceSaveState(state, { kind: "synced", at });
      const truth = waiting + frames.slice(durable).reduce((sum, changes) => sum + changes, 0);
      expect(unsavedChanges(state)).toBe(truth);
      if (saveWords(state, at).kind === "saved") {
        said += 1;
        expect(truth).toBe(0);
      }
    }
    expect(said).toBeGreaterThan(100);
    console.log(`[D9] 20,000 steps, seed ${seed}: "Saved" said ${said} times, 0 times with a change waiting`);
  });
});
