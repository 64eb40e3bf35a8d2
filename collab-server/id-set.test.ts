import { describe, expect, it } from "vitest";
import { IdSet } from "./id-set.ts";
import { seeded, seedOfRun, told } from "./testing/count.ts";

describe("a set of Yjs ids", () => {
  it("[CS20] tells what of a range is missing, joins what touches and takes ranges out again", () => {
    const set = new IdSet();
    set.add(1, [0, 5, 8, 10]);
    expect(set.missing(1, 3, 12)).toEqual([5, 8, 10, 12]);
    expect(set.next(1)).toBe(5);
    set.add(1, [5, 8]);
    expect(set.next(1)).toBe(10);
    set.remove(1, [2, 4]);
    expect(set.next(1)).toBe(2);
    expect(set.has(1, 3)).toBe(false);
    expect(set.has(1, 4)).toBe(true);
    expect(set.missing(2, 0, 3)).toEqual([0, 3]);
  });

  it("[CS20] agrees with a plain set of numbers over random adding and removing", () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const rounds = 2_000;
    const set = new IdSet();
    let plain = new Set<number>();
    for (let round = 0; round < rounds; round++) {
      if (round % 100 === 0) {
        set.remove(7, [0, 1_000]);
        plain = new Set();
      }
      const ranges: number[] = [];
      const count = random() < 0.2 ? 30 : 1 + Math.floor(random() * 3);
      for (let i = 0; i < count; i++) {
        const from = Math.floor(random() * 300);
        ranges.push(from, from + 1 + Math.floor(random() * 12));
      }
      const isRemoving = random() < 0.3;
      if (isRemoving) set.remove(7, ranges);
      else set.add(7, ranges);
      for (let i = 0; i < ranges.length; i += 2)
        for (let clock = ranges[i] ?? 0; clock < (ranges[i + 1] ?? 0); clock++)
          if (isRemoving) plain.delete(clock);
          else plain.add(clock);
      const from = Math.floor(random() * 300);
      const to = from + 20;
      const missing: number[] = [];
      const found = set.missing(7, from, to);
      for (let i = 0; i < found.length; i += 2)
        for (let clock = found[i] ?? 0; clock < (found[i + 1] ?? 0); clock++) missing.push(clock);
      const expected = Array.from({ length: to - from }, (_, i) => from + i).filter((c) => !plain.has(c));
      expect(missing).toEqual(expected);
      let next = 0;
      while (plain.has(next)) next++;
      expect(set.next(7)).toBe(next);
      expect(set.has(7, from)).toBe(plain.has(from));
    }
    told("CS20", rounds, seed, "no difference");
  });
});
