import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checks } from "./checks.ts";

describe("the code as a whole", () => {
  // The floors have a test file of their own.
  for (const { title, args } of checks.filter(({ args }) => !args.includes("app/architecture.test.ts"))) {
    it(`${title}, as in npm run check`, () => {
      const result = spawnSync(process.execPath, [...args], {
        cwd: join(import.meta.dirname, ".."),
        encoding: "utf8",
        env: { ...process.env, NO_COLOR: "1" },
      });
      expect(result.status, `${result.stdout}\n${result.stderr}`).toBe(0);
    });
  }
});
