/**
 * Everything that can be known about the code without running the product: types, lint
 * and format, unused code, and the floors of the architecture. All are run even when
 * one fails, so that one look shows everything.
 */
import { spawnSync } from "node:child_process";
import { checks } from "./checks.ts";

let failed = 0;
for (const { title, args } of checks) {
  const startedAt = performance.now();
  const result = spawnSync(process.execPath, [...args], { stdio: ["ignore", "inherit", "inherit"] });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${result.status === 0 ? "✓" : "✗"} ${title} (${seconds} s)`);
  if (result.status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
