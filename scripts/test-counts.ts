/**
 * Counting what a suite reported. Whatever did not pass has failed: a skipped or
 * pending test is a promise nobody looked at.
 */
export type Counts = { readonly passed: number; readonly failed: number };

export function add(one: Counts, other: Counts): Counts {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}

function numberAt(report: unknown, name: string): number | null {
  if (typeof report !== "object" || report === null) return null;
  const value = (report as Record<string, unknown>)[name];
  return typeof value === "number" ? value : null;
}

/** Counts of a Vitest JSON report, or null when it is none. */
export function vitestCounts(report: unknown): Counts | null {
  const total = numberAt(report, "numTotalTests");
  const passed = numberAt(report, "numPassedTests");
  const brokenFiles = numberAt(report, "numFailedTestSuites");
  if (total === null || passed === null) return null;
  const failed = total - passed;
  // A file that cannot even be loaded holds no tests, and must not go unnoticed.
  return { passed, failed: failed === 0 && brokenFiles ? brokenFiles : failed };
}

/** Counts of a Playwright JSON report, or null when it is none. A flaky test has failed. */
export function playwrightCounts(report: unknown): Counts | null {
  const stats = (report as { stats?: unknown } | null)?.stats;
  const errors = (report as { errors?: readonly unknown[] } | null)?.errors?.length ?? 0;
  const passed = numberAt(stats, "expected");
  if (passed === null) return null;
  const failed = ["unexpected", "flaky", "skipped"].reduce(
    (sum, name) => sum + (numberAt(stats, name) ?? 0),
    0,
  );
  return { passed, failed: failed + errors };
}
