/** What the build weighs and holds. Bytes are asserted; they do not depend on the machine. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";

type Chunk = {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
};
type Manifest = Readonly<Record<string, Chunk>>;

const root = join(import.meta.dirname, "..");
const client = join(root, "build", "client");
const yjsMark = "__ $YJS$ __";

/** A chunk and everything it imports at once, as files; lazy imports stay out. */
function filesAtOnce(manifest: Manifest, names: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  const visit = (name: string) => {
    const chunk = manifest[name];
    if (!chunk || files.has(chunk.file)) return;
    if (chunk.file.endsWith(".js")) files.add(chunk.file);
    chunk.imports?.forEach(visit);
  };
  names.forEach(visit);
  return files;
}

describe("the build", () => {
  let manifest: Manifest;
  beforeAll(() => {
    const file = join(root, "build", ".vite", "client-manifest.json");
    if (!existsSync(file)) throw new Error("There is no build to look at: run `npm run build` first.");
    manifest = JSON.parse(readFileSync(file, "utf8"));
  });

  it("sends at most 120 kB of JavaScript (gzip) before the editor is wanted, on every page", () => {
    const always = Object.keys(manifest).filter((name) => /entry\.client|app\/root\.tsx/.test(name));
    const pages = Object.keys(manifest).filter((name) =>
      /routes\/.*\?__remix-build-client-route$/.test(name),
    );
    const weights = (pages.length > 0 ? pages : [""]).map((page) => {
      const files = filesAtOnce(manifest, [...always, page]);
      const bytes = [...files].reduce(
        (sum, file) => sum + gzipSync(readFileSync(join(client, file))).length,
        0,
      );
      return { page: page.replace(/\?.*/, "") || "root", bytes };
    });
    weights.sort((one, other) => other.bytes - one.bytes);
    console.log(
      weights.map(({ page, bytes }) => `${(bytes / 1000).toFixed(1).padStart(6)} kB  ${page}`).join("\n"),
    );
    expect(always).toHaveLength(2);
    expect(weights.filter(({ bytes }) => bytes > 120_000)).toEqual([]);
  });

  it("[D16] holds one Yjs for the browser, and none in or under the server's pages", () => {
    const assets = join(client, "assets");
    const copies = readdirSync(assets)
      .filter((name) => name.endsWith(".js"))
      .map((name) => readFileSync(join(assets, name), "utf8").split(yjsMark).length - 1)
      .reduce((sum, count) => sum + count, 0);
    const pages = readFileSync(join(root, "build", "server", "index.js"), "utf8");
    const inPages = pages.split(yjsMark).length - 1;
    const loaded = [...pages.matchAll(/from "(yjs|y-[^"]+|@tiptap\/[^"]+)"/g)].map(([, name]) => name);
    console.log(`copies of Yjs: ${copies} for the browser, ${inPages} bundled into the server's pages`);
    expect({ copies, inPages, loaded }).toEqual({ copies: 1, inPages: 0, loaded: [] });
  });

  it("[D16] has one version of Yjs, its protocols and ProseMirror installed", () => {
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: object };
    const once = [
      "yjs",
      "lib0",
      "y-protocols",
      "prosemirror-model",
      "prosemirror-state",
      "prosemirror-view",
      "react",
    ];
    const found = once.map((name) =>
      Object.keys(lock.packages).filter((key) => key.endsWith(`node_modules/${name}`)),
    );
    expect(found).toEqual(once.map((name) => [`node_modules/${name}`]));
  });
});
