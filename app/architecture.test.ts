/**
 * The floors, as data. A file imports only from lower floors or its own room; the
 * named rooms of floor 4 do not import each other. The failure says what to move.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Room → the other rooms it may import from. Everything else is refused. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "app/domain": [],
  "app/document": ["app/domain"],
  "app/export": ["app/domain", "app/document"],
  // Documents of the demonstration are made through the operations, so it stands above them.
  "db/seed": ["app/domain", "app/document", "app/export", "db", "app/operations"],
  db: ["app/domain", "app/document", "app/export"],
  "app/operations": ["app/domain", "app/document", "app/export", "db"],
  "app/web": ["app/domain", "app/document", "app/export", "app/operations"],
  "app/components": ["app/domain", "app/document"],
  // The editor is made of the house's parts; no part knows the editor.
  "app/editor": ["app/domain", "app/document", "app/components"],
  "collab-server": ["app/domain", "app/document", "app/export", "db", "app/operations"],
  "app/routes": ["app/domain", "app/document", "app/operations", "app/web", "app/components", "app/editor"],
};

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** The innermost room: a named folder inside another room is a room of its own. */
function roomOf(file: string): string | null {
  const around = Object.keys(rooms).filter((room) => file.startsWith(`${room}/`));
  return around.sort((one, other) => other.length - one.length)[0] ?? null;
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found: string[] = [];
  for (const match of text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)["'](\.[^"']+)["']/g)) {
    const specifier = match[1]?.split("?")[0];
    if (specifier) found.push(relative(root, resolve(root, dirname(file), specifier)));
  }
  return found;
}

/**
 * What the file loads when it runs: a type is no import, and a worker's file, named in
 * `new URL`, runs on a thread of its own.
 */
function loadsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...text.matchAll(/\b(?:import|export)\s+(?!type\b)[^"';]*?["'](\.[^"']+)["']/g)].map((match) =>
    relative(root, resolve(root, dirname(file), match[1] ?? "")),
  );
}

/** Tests stand beside what they test, but may set a scene with anything below the routes. */
const isTest = (file: string) => /\.test\.tsx?$|\/testing\/|__fixtures__/.test(file);

describe("architecture", () => {
  const files = [...new Set(Object.keys(rooms).flatMap(filesBelow))];

  it("imports only from lower floors, never sideways between rooms of one floor", () => {
    const wrong: string[] = [];
    for (const file of files.filter((name) => !isTest(name))) {
      const from = roomOf(file);
      if (from === null) continue;
      for (const target of importsOf(file)) {
        const to = roomOf(target);
        if (to === null || to === from) continue;
        if (!rooms[from]?.includes(to))
          wrong.push(`${file} imports ${target}: move what both need below ${from}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("keeps server files out of what the browser loads", () => {
    const wrong = files
      .filter((file) => /^app\/(components|editor)\//.test(file) && !isTest(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => /\.server(\.ts)?$/.test(target))
          .map((target) => `${file} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it("has no cycles", () => {
    const graph = new Map(files.map((file) => [file, importsOf(file)]));
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const target of graph.get(file) ?? []) if (graph.has(target)) visit(target, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("loads no module with a worker or a live socket from a route", () => {
    const wrong: string[] = [];
    const seen = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (seen.has(file) || !files.includes(file)) return;
      seen.add(file);
      const text = readFileSync(join(root, file), "utf8");
      if (/new Worker\(|new WebSocketServer\(|from "better-sqlite3"/.test(text))
        wrong.push([...path, file].join(" → "));
      for (const target of importsOf(file)) visit(target, [...path, file]);
    };
    for (const file of files.filter((name) => name.startsWith("app/routes/") && !isTest(name)))
      visit(file, []);
    expect(wrong).toEqual([]);
  });

  it("makes no document of Yjs, and reads none, on the loop that serves people", () => {
    // Bytes in, bytes out, without a Y.Doc.
    const allowed = new Set(["diffUpdate", "encodeStateVector", "mergeUpdates"]);
    /** Files the server loads and never runs while it serves. */
    const isElsewhere = (file: string) =>
      // Remix leaves these out of the server's pages.
      file.includes(".client.") ||
      // The database is brought up to date, and the demonstration written, before the first
      // person is let in.
      file.startsWith("db/migrations/") ||
      file.startsWith("db/seed/");
    const entries = [
      "server.ts",
      "app/root.tsx",
      "app/entry.server.tsx",
      ...files.filter((file) => file.startsWith("app/routes/")),
    ];
    const wrong: string[] = [];
    const seen = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (seen.has(file) || isElsewhere(file) || !existsSync(join(root, file)) || !/\.tsx?$/.test(file))
        return;
      seen.add(file);
      const way = [...path, file];
      const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
      for (const [line, what] of text.matchAll(
        /^import (?!type\b)(.*?) from "(?:yjs|y-[\w-]+|@tiptap\/.*)";$/gm,
      ))
        if (line !== 'import * as Y from "yjs";') wrong.push(`${way.join(" → ")} imports ${what}`);
      if (/^import \* as Y from "yjs";$/m.test(text))
        for (const [, name] of text.matchAll(/\bY\.(\w+)/g))
          if (name !== undefined && !allowed.has(name)) wrong.push(`${way.join(" → ")} uses Y.${name}`);
      for (const target of loadsOf(file)) visit(target, way);
    };
    for (const entry of entries) visit(entry, []);
    expect(seen.has("collab-server/room.ts") && seen.has("app/operations/duplicate-document.ts")).toBe(true);
    expect(wrong).toEqual([]);
  });
});
