/**
 * Runs every test and says in the last line how many passed and failed. A suite that
 * breaks before it can count is one failure; a skipped test counts as failed, because
 * there must be none. `--long` runs the counted tests at their full counts.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./find-chromium.ts";
import { add, type Counts, playwrightCounts, vitestCounts } from "./test-counts.ts";

const isLong = process.argv.includes("--long");
const folder = mkdtempSync(join(tmpdir(), "two-way-results-"));

function run(args: readonly string[], environment: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, FORCE_COLOR: undefined, ...environment },
    });
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // No report: the suite broke before it could write one. Counted as a failure below.
    return null;
  }
}

async function suite(
  title: string,
  args: readonly string[],
  environment: Record<string, string>,
  report: string,
  count: (report: unknown) => Counts | null,
): Promise<Counts> {
  console.log(`\n── ${title}\n`);
  const exitCode = await run(args, environment);
  const counts = count(readReport(report));
  if (counts === null) return { passed: 0, failed: 1 };
  // An error outside any test (an unhandled rejection, say) shows in the exit code alone.
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function finish(counts: Counts): never {
  rmSync(folder, { recursive: true, force: true });
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
}

const chromium = findChromium();
if (chromium === null) {
  console.error(
    "The browser tests need a Chromium and none could be found or fetched: install one, or name it in CHROMIUM.",
  );
  finish({ passed: 0, failed: 1 });
}

const environment: Record<string, string> = {
  NO_COLOR: "1",
  CHROMIUM: chromium,
  ...(isLong ? { SCALE: "1" } : {}),
};

const unitReport = join(folder, "unit.json");
const unit = await suite(
  "Rules, storage and servers",
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=verbose",
    "--reporter=json",
    `--outputFile.json=${unitReport}`,
  ],
  environment,
  unitReport,
  vitestCounts,
);

const browserReport = join(folder, "browser.json");
const browser = await suite(
  "In the browser",
  ["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"],
  { ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
  browserReport,
  playwrightCounts,
);

finish(add(unit, browser));
