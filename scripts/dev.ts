/**
 * Development: pages are built as they are asked for and change under the open browser;
 * a change of server code starts the server again. One port for pages, live editing and
 * Vite's own socket.
 */
import { spawn } from "node:child_process";

/** Code that the running process has loaded itself, as against what Vite loads anew. */
const serverCode = [
  "server.ts",
  "collab-server",
  "db",
  "app/domain",
  "app/document",
  "app/export",
  "app/operations",
  "app/web",
];

const child = spawn(
  process.execPath,
  [...serverCode.map((path) => `--watch-path=${path}`), "--watch-preserve-output", "server.ts", "--dev"],
  { stdio: "inherit", env: { ...process.env, NODE_ENV: "development" } },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
