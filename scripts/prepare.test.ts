import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

type Prepare = (options: {
  root: string;
  mode: "build" | "dev";
  run(command: string, args: string[]): number;
  say(text: string): void;
}) => boolean;
const { prepare, pinnedNode } = createRequire(import.meta.url)("./prepare.cjs") as {
  prepare: Prepare;
  pinnedNode(root: string): string;
};

/** A checkout with one dependency, whose npm and Remix only leave the traces of their work. */
describe("preparing a checkout", () => {
  let root: string;
  let ran: string[];
  let fails: string | null;
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const lock = (yjs: string) =>
    JSON.stringify({
      packages: {
        "": { name: "two-way" },
        "node_modules/yjs": { version: yjs },
        "node_modules/@rollup/rollup-sunos": { version: "1.0.0", optional: true },
      },
    });
  const run = (_command: string, args: string[]) => {
    const what = args.includes("vite:build") ? "build" : "install";
    ran.push(what);
    if (fails === what) return 1;
    if (what === "install") {
      const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
      delete packages["node_modules/@rollup/rollup-sunos"];
      write("node_modules/.package-lock.json", JSON.stringify({ packages }));
      write(pinnedNode(root).slice(root.length + 1), "");
    } else write("build/server/index.js", "");
    return 0;
  };
  const start = (mode: "build" | "dev" = "build") => {
    ran = [];
    return prepare({ root, mode, run, say: () => {} });
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "two-way-prepare-"));
    fails = null;
    write("package-lock.json", lock("13.6.33"));
    write("app/root.tsx", "one");
    write("app/root.test.tsx", "test");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("installs and builds at the first start, and does neither at the second", () => {
    expect(start()).toBe(true);
    expect(ran).toEqual(["install", "build"]);
    expect(start()).toBe(true);
    expect(ran).toEqual([]);
  });

  it("builds again when a source changed, was added or was renamed, but not for a test", () => {
    start();
    write("app/root.test.tsx", "another test");
    start();
    expect(ran).toEqual([]);
    write("app/root.tsx", "two");
    start();
    expect(ran).toEqual(["build"]);
    write("db/schema.ts", "");
    start();
    expect(ran).toEqual(["build"]);
    rmSync(join(root, "db/schema.ts"));
    write("db/scheme.ts", "");
    start();
    expect(ran).toEqual(["build"]);
  });

  it("installs again when the lock file asks for another version, or an install was broken off", () => {
    start();
    write("package-lock.json", lock("13.6.34"));
    start();
    expect(ran).toEqual(["install", "build"]);
    write("node_modules/.package-lock.json", '{"packages":{"node_mod');
    start();
    expect(ran).toEqual(["install"]);
  });

  it("only installs for development, where pages are built as they are asked for", () => {
    expect(start("dev")).toBe(true);
    expect(ran).toEqual(["install"]);
  });

  it("says no when a step fails, and tries that step again the next time", () => {
    fails = "install";
    expect(start()).toBe(false);
    expect(ran).toEqual(["install"]);
    fails = "build";
    expect(start()).toBe(false);
    expect(ran).toEqual(["install", "build"]);
    fails = null;
    expect(start()).toBe(true);
    expect(ran).toEqual(["build"]);
  });
});
