/**
 * The built server under watch (promise S8): files that nobody may be given lie where a
 * slip would find them, every file the process asks the system for is noted, and an
 * answer that holds a word of a forbidden file says so.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildOpenShim } from "../../../db/testing/io-shim.ts";
import { traversalCorpus } from "../../../db/testing/traversal-corpus.ts";
import type { RoleOfMatrix } from "../route-table.ts";
import { openRouteScene, type RouteScene } from "./route-scene.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");
/** In the files and the environment that nobody may be given; in no request. */
const secret = "Brackenwhistle-7f3a";

export type Body = { readonly type: string; readonly bytes: Buffer };
export type Answer = {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
};

/** What stands in files nobody may be given, wherever it turns up. */
const forbidden: readonly (readonly [string, Buffer])[] = [
  ["the canary", Buffer.from(secret)],
  ["the database", Buffer.from("SQLite format 3\u0000")],
  ["the system's people", Buffer.from("root:x:0:0")],
  ["our package file", readFileSync(join(root, "package.json")).subarray(0, 60)],
  ["the server's source", readFileSync(join(root, "server.ts")).subarray(0, 60)],
];

/** What is wrong with an answer: words of a forbidden file, or a fault of ours. */
export function faultsOf({ status, body, headers }: Answer): string[] {
  const faults = forbidden.filter(([, words]) => body.includes(words)).map(([what]) => `shows ${what}`);
  // 429: refused for coming too often, so that the text was never looked at.
  if (status === 0 || status === 429 || status >= 500) faults.push(`answers ${status}`);
  if (JSON.stringify(headers).includes(secret)) faults.push("shows the canary in a header");
  return faults;
}

/** Names the server makes up itself are alike; everything else is told apart to the letter. */
export function kindOfPath(path: string): string {
  return path
    .replace(/\/files\/[0-9a-f]{2}\/[0-9a-f-]{36}(\.part)?$/, "/files/<id>$1")
    .replace(/\/outbox\/\d{15}-[0-9a-f-]{36}\.txt(\.part)?$/, "/outbox/<letter>$1")
    .replace(/\/etilqs_[0-9a-f]+$/, "/<temporary>")
    .replace(/^\/proc\/(self|\d+)\/task\/\d+\//, "/proc/self/task/<thread>/");
}

/** A form as browsers send it. */
export function formOf(fields: Readonly<Record<string, string>>): Body {
  const bytes = Buffer.from(`${new URLSearchParams(fields)}`);
  return { type: "application/x-www-form-urlencoded", bytes };
}

/** A file sent under this name. */
export function uploadOf(name: string, content: Uint8Array): Body {
  // A quote would end the name; everything else travels as it is.
  const shown = name.replaceAll('"', "%22").replace(/[\r\n]/g, " ");
  const head = `--edge\r\nContent-Disposition: form-data; name="file"; filename="${shown}"\r\nContent-Type: image/png\r\n\r\n`;
  return {
    type: "multipart/form-data; boundary=edge",
    bytes: Buffer.concat([Buffer.from(head), content, Buffer.from("\r\n--edge--\r\n")]),
  };
}

export type WatchedApp = {
  readonly scene: RouteScene;
  readonly corpus: readonly string[];
  /** Holds the data folder and, beside it, a file nobody may be given. */
  readonly outer: string;
  readonly dataFolder: string;
  /** The secret of the forbidden files, for controls. */
  readonly secret: string;
  /** One request, sent as it is: neither the path nor the body is tidied up. */
  send(role: RoleOfMatrix, path: string, body?: Body): Promise<Answer>;
  /** Files the process asked for since the last call, as absolute paths. */
  openedSince(): readonly string[];
  close(): Promise<void>;
};

export async function openWatchedApp(): Promise<WatchedApp> {
  const outer = mkdtempSync(join(tmpdir(), "two-way-traversal-"));
  const dataFolder = join(outer, "data");
  mkdirSync(dataFolder);
  const canary = join(outer, "canary.txt");
  // Beside and inside the data folder, with an ending that could pass for a picture, and
  // under a name that only a folder's list could tell.
  for (const file of [canary, `${canary}.png`, join(dataFolder, "canary.txt"), join(outer, secret)])
    writeFileSync(file, secret);
  const corpus = traversalCorpus({ canary, database: join(dataFolder, "two-way.db") });
  const shim = buildOpenShim(outer);
  const scene = await openRouteScene({ dataFolder, environment: { ...shim, CANARY: secret } });
  const agent = new Agent({ maxSockets: 8 });
  const { port } = new URL(scene.app.url);
  let readUpTo = 0;
  let sent = 0;

  return {
    ...{ scene, corpus, outer, dataFolder, secret },
    async send(role, path, body) {
      // The corpus comes faster than any person: before the smallest limit (ten) is reached,
      // also by requests under way, what was counted is forgotten.
      if (sent++ % 5 === 0) await scene.db.deleteFrom("rate_limit").execute();
      return new Promise((resolve, reject) => {
        const asking = request(
          {
            ...{ host: "127.0.0.1", port, path, agent, method: body ? "POST" : "GET" },
            headers: {
              Origin: scene.app.url,
              Cookie: scene.cookies.get(role) ?? "",
              ...(body ? { "Content-Type": body.type, "Content-Length": body.bytes.length } : {}),
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () =>
              resolve({
                status: response.statusCode ?? 0,
                body: Buffer.concat(chunks),
                headers: response.headers as Readonly<Record<string, string>>,
              }),
            );
          },
        );
        asking.on("error", (error) => reject(new Error(`${path.slice(0, 200)}: ${error.message}`)));
        asking.end(body?.bytes);
      });
    },
    openedSince() {
      const bytes = readFileSync(shim.OPEN_TRACE);
      const lines = bytes.subarray(readUpTo).toString().split("\n");
      readUpTo = bytes.length;
      return lines.filter((line) => line.startsWith("O ")).map((line) => resolve(root, line.slice(2)));
    },
    async close() {
      agent.destroy();
      await scene.close();
      rmSync(outer, { recursive: true, force: true });
    },
  };
}
