/**
 * The built server as a process of its own, on a free port and a temporary data folder
 * that is removed afterwards. Started and stopped as `npm start` and an operator would.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RunningApp {
  /** e.g. `http://localhost:41873`, without a trailing slash. */
  readonly url: string;
  readonly dataFolder: string;
  readonly process: ChildProcess;
  /** What the server wrote so far, both streams. */
  output(): string;
  /** SIGTERM, then the exit code once the process has gone. */
  stop(): Promise<number | null>;
  /** Stops if need be, and removes the data folder. */
  remove(): Promise<void>;
}

/**
 * Starts the server and waits until it says that it is ready. `dataFolder` continues
 * with a folder of an earlier start; by default a new one is made.
 */
export async function startApp(
  options: {
    environment?: Readonly<Record<string, string>>;
    dataFolder?: string;
    readyWithinMs?: number;
  } = {},
): Promise<RunningApp> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "two-way-app-"));
  const child = spawn(process.execPath, ["server.ts"], {
    cwd: join(import.meta.dirname, ".."),
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      NODE_ENV: "production",
      PORT: "0",
      HOST: "127.0.0.1",
      DATA_DIR: dataFolder,
      DEMO: "yes",
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exited = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));

  const url = await new Promise<string>((resolve, reject) => {
    const giveUp = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`The server was not ready in time. It wrote:\n${output}`));
    }, options.readyWithinMs ?? 60_000);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /^Two-Way is ready at (http:\/\/\S+)$/m.exec(output);
      if (!ready?.[1]) return;
      clearTimeout(giveUp);
      resolve(ready[1]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => {
      clearTimeout(giveUp);
      reject(new Error(`The server ended with ${code} before it was ready. It wrote:\n${output}`));
    });
  });

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    return exited;
  };
  return {
    url,
    dataFolder,
    process: child,
    output: () => output,
    stop,
    async remove() {
      await stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
