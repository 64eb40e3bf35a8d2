import { describe, expect, it } from "vitest";
import { PatienceWithLine, stalledMs } from "./patience-with-line.ts";

describe("patience with a line", () => {
  it("[D10] is ten seconds for what a person types, and longer by what a slow line needs for the rest", () => {
    const line = new PatienceWithLine();
    expect(line.ms).toBe(stalledMs);
    line.sent(64);
    expect(line.ms).toBeLessThan(stalledMs + 10);
    // 5 MB at 256 kbit/s are 164 s.
    line.sent(5 * 1024 * 1024);
    expect(line.ms).toBeGreaterThan(stalledMs + 163_000);
  });

  it("[D10] ends with what is acknowledged, and begins anew on a new line", () => {
    const line = new PatienceWithLine();
    line.sent(3_200_000);
    line.sent(32);
    line.sent(64);
    line.acked(1);
    expect(line.ms).toBe(stalledMs + 3);
    line.acked(3);
    expect(line.ms).toBe(stalledMs);
    line.sent(320);
    line.opened();
    expect(line.ms).toBe(stalledMs);
    line.sent(320);
    line.acked(1);
    expect(line.ms).toBe(stalledMs);
  });
});
