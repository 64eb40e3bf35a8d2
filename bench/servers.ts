/** Starts the servers that are compared, each as a process of its own on this machine. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { schemaNumber } from "../app/document/schema-version.ts";
import { type Dialect, hocuspocus, yWebsocket } from "./dialects.ts";
import { type DueTimes, Typist } from "./typist.ts";

export const names = ["relay", "hocus-sql", "ours"] as const;
export type ServerName = (typeof names)[number];

export interface BenchServer {
  /** Lets a new light client join document `number`, counted from 0. */
  join(document: number, due: DueTimes): Promise<Typist>;
  /** Processor time of the process with all its threads, in ms (10 ms steps). Linux only. */
  cpuMs(): number;
  /** Memory the process holds at this moment, kB. */
  rssKb(): number;
  kill(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** The same server again, on what it had stored. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

const here = import.meta.dirname;
/** Clock ticks a second in /proc; 100 on every Linux we know. */
const ticksPerSecond = 100;
/** One person may hold 20 connections. */
const connectionsPerPerson = 15;

/** A server with `documents` documents that `people` may write. */
export async function startServer(name: ServerName, documents: number, people: number): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), `two-way-bench-${name}-`));
  const furnished = name === "ours" ? furnish(folder, documents, people) : null;
  let { child, port } = await run(name, folder);
  let joined = 0;

  return {
    async join(number, due) {
      const isRelay = name === "relay";
      const dialect: Dialect = name === "hocus-sql" ? hocuspocus(`document-${number}`) : yWebsocket(isRelay);
      const typist = new Typist(dialect, due);
      let url = `ws://127.0.0.1:${port}/document-${number}`;
      const headers: Record<string, string> = {};
      const document = furnished?.documents[number];
      if (furnished && document) {
        const query = { schema: schemaNumber, epoch: document.epoch, client: typist.doc.clientID, have: 0 };
        const text = Object.entries(query).map(([key, value]) => `${key}=${value}`);
        url = `ws://127.0.0.1:${port}/collab/${document.id}?${text.join("&")}`;
        headers["Origin"] = `http://localhost:${port}`;
        headers["Cookie"] =
          furnished.cookies[Math.floor(joined / connectionsPerPerson) % furnished.cookies.length] ?? "";
      }
      joined += 1;
      try {
        await typist.join(url, headers, isRelay);
      } catch (error) {
        // A data folder that somebody tidied away looks like a person who is signed out.
        const isThere = existsSync(folder) && (name !== "ours" || existsSync(join(folder, "two-way.db")));
        const store = isThere ? "its data folder is there" : "its data folder has been removed";
        throw new Error(`${name} did not let a client in (${store}): ${(error as Error).message}`);
      }
      return typist;
    },
    cpuMs() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
    },
    rssKb() {
      return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]);
    },
    kill: (signal) => end(child, signal),
    async restart() {
      ({ child, port } = await run(name, folder));
      joined = 0;
    },
    async remove() {
      await end(child, process.env["BENCH_NODE"] ? "SIGTERM" : "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Furnished = {
  readonly documents: readonly { readonly id: string; readonly epoch: string }[];
  readonly cookies: readonly string[];
};

/** A data folder with documents, of light clients or with so many words for an editor. */
export function furnish(folder: string, documents: number, people: number, words?: number): Furnished {
  const editors = Math.ceil(people / connectionsPerPerson);
  const args = [join(here, "furnish.ts"), folder, String(documents), String(editors)].concat(
    words ? String(words) : [],
  );
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error("The bench could not furnish a data folder");
  return JSON.parse(stdout) as Furnished;
}

/** Starts the program of a server on what is in `folder`. */
export async function run(name: ServerName, folder: string): Promise<{ child: ChildProcess; port: number }> {
  const program = {
    relay: join(here, "servers/relay.ts"),
    "hocus-sql": join(here, "servers/hocuspocus.mjs"),
    ours: "server.ts",
  }[name];
  // BENCH_NODE="--cpu-prof --cpu-prof-dir=…" leaves a profile of every thread.
  const nodeOptions = process.env["BENCH_NODE"]?.split(" ") ?? [];
  const child = spawn(process.execPath, [...nodeOptions, program], {
    cwd: join(here, ".."),
    env: {
      PATH: process.env["PATH"],
      NODE_ENV: "production",
      PORT: "0",
      DATA_DIR: folder,
      DEMO: "no",
      BENCH_DATABASE: join(folder, "hocuspocus.db"),
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const found = /(?:listening on |ready at http:\/\/localhost:)(\d+)/.exec(output)?.[1];
      if (found) resolve(Number(found));
    });
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  return { child, port };
}

/** Ends a server and waits until it is gone. */
export async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill(signal);
  await gone;
}
