/**
 * A process of its own that can be killed without warning, for tests of promise B1.
 * The module it runs says `ready <JSON>` on a line of standard output once it serves;
 * every later line is handed to whoever listens. Works for the log alone and for a
 * whole server.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface WriterProcess {
  /** What the module said after `ready`. */
  readonly ready: unknown;
  /** Hears each line from now on, in order, until the process ends. */
  onLine(listener: (line: string) => void): void;
  /** SIGKILL. Resolves when the process is gone and its last line was heard. */
  kill(): Promise<void>;
  /** Resolves when it ended by itself: its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts `module` under this Node; rejects when it ends before it is ready. */
export async function startWriterProcess(order: {
  readonly module: string;
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Promise<WriterProcess> {
  const child: ChildProcess = spawn(process.execPath, [order.module, ...(order.options ?? [])], {
    env: { ...process.env, ...order.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("No standard output to listen to");
  const lines = createInterface({ input: child.stdout });
  const listeners: ((line: string) => void)[] = [];
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const ready = await new Promise<unknown>((resolve, reject) => {
    lines.on("line", (line) => {
      if (line.startsWith("ready ")) resolve(JSON.parse(line.slice("ready ".length)));
      else for (const listener of listeners) listener(line);
    });
    ended.then((code) => reject(new Error(`${order.module} ended with ${code} before it was ready`)));
  });
  return {
    ready,
    onLine: (listener) => listeners.push(listener),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    ended,
  };
}
