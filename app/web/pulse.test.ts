import { describe, expect, it } from "vitest";
import { createPulse } from "./pulse.ts";

/** Two threads that answer when told to, and a clock that is rung by hand. */
function scene() {
  const rings: (() => void)[] = [];
  let stopped = 0;
  const thread = (name: string) => {
    const waiting: { answer(): void; fail(): void }[] = [];
    let asked = 0;
    return {
      name,
      waiting,
      count: () => asked,
      ask: () =>
        new Promise<void>((resolve, reject) => {
          asked += 1;
          waiting.push({ answer: resolve, fail: () => reject(new Error("gone")) });
        }),
    };
  };
  const [database, log] = [thread("the database"), thread("the log")];
  const pulse = createPulse({
    threads: [database, log],
    withinMs: 2_000,
    after(milliseconds, ring) {
      expect(milliseconds).toBe(2_000);
      rings.push(ring);
      return () => {
        stopped += 1;
      };
    },
  });
  return { database, log, pulse, rings, stopped: () => stopped };
}

describe("the pulse", () => {
  it("[B6] is well while both threads answer, and stops its clocks", async () => {
    const { database, log, pulse, stopped } = scene();
    for (let round = 1; round <= 3; round += 1) {
      const asked = pulse();
      database.waiting.pop()?.answer();
      log.waiting.pop()?.answer();
      expect(await asked).toBeNull();
      expect([database.count(), log.count(), stopped()]).toEqual([round, round, 2 * round]);
    }
  });

  it("[B6] names a thread that is silent, at once from then on, and asks it once however often it is asked", async () => {
    const { database, log, pulse, rings } = scene();
    const first = [pulse(), pulse(), pulse()];
    log.waiting.pop()?.answer();
    rings[0]?.();
    expect(await Promise.all(first)).toEqual(Array(3).fill("no answer from the database"));
    for (let time = 0; time < 100; time += 1) {
      const asked = pulse();
      log.waiting.pop()?.answer();
      expect(await asked).toBe("no answer from the database");
    }
    expect(database.count()).toBe(1);
    // It answers after all: the next question is a new one.
    database.waiting.pop()?.answer();
    await new Promise((resolve) => setImmediate(resolve));
    const asked = pulse();
    database.waiting.pop()?.answer();
    log.waiting.pop()?.answer();
    expect(await asked).toBeNull();
    expect(database.count()).toBe(2);
  });

  it("[B6] names both, and a thread that has ended", async () => {
    const { database, log, pulse, rings } = scene();
    const asked = pulse();
    database.waiting.pop()?.fail();
    rings[1]?.();
    expect(await asked).toBe("no answer from the database and the log");
    log.waiting.pop()?.answer();
  });
});
