import { describe, expect, it } from "vitest";
import { playwrightCounts, vitestCounts } from "./test-counts.ts";

describe("counting tests", () => {
  it("counts a skipped test as failed: it is a promise nobody looked at", () => {
    expect(vitestCounts({ numTotalTests: 5, numPassedTests: 3, numFailedTestSuites: 0 })).toEqual({
      passed: 3,
      failed: 2,
    });
    expect(
      playwrightCounts({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 }, errors: [] }),
    ).toEqual({
      passed: 3,
      failed: 3,
    });
  });

  it("notices a file that could not be loaded and so held no tests", () => {
    expect(vitestCounts({ numTotalTests: 3, numPassedTests: 3, numFailedTestSuites: 1 })).toEqual({
      passed: 3,
      failed: 1,
    });
    expect(
      playwrightCounts({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }, errors: [{}] }),
    ).toEqual({
      passed: 0,
      failed: 1,
    });
  });

  it("takes no report for no answer rather than for nothing wrong", () => {
    expect(vitestCounts(null)).toBeNull();
    expect(playwrightCounts({})).toBeNull();
  });
});
