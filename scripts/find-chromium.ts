/**
 * Where is a Chromium for the browser tests? In this order: the one named in
 * `CHROMIUM`, one installed on the machine, Playwright's own download, and the
 * system's packages where we may install them.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function onPath(name: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const file = join(folder, name);
    if (folder && existsSync(file)) return file;
  }
  return null;
}

function installed(): string | null {
  for (const name of names) {
    const file = onPath(name);
    if (file) return file;
  }
  const own = chromium.executablePath();
  return own && existsSync(own) ? own : null;
}

function run(command: string, args: readonly string[], timeoutMs: number): boolean {
  const result = spawnSync(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    timeout: timeoutMs,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return result.status === 0;
}

/** Path of a Chromium, fetching one if need be; null when there is none to be had. */
export function findChromium(): string | null {
  const named = process.env["CHROMIUM"];
  if (named) return existsSync(named) ? named : null;
  const present = installed();
  if (present) return present;

  console.log("No Chromium here yet; trying Playwright's own …");
  if (run(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"], 180_000)) {
    const own = installed();
    if (own) return own;
  }
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    console.log("… then the system's packages …");
    if (run("apt-get", ["update", "-q"], 120_000)) {
      run("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"], 300_000);
    }
  }
  return installed();
}
