/**
 * `npm run bench`: our server with everything on, beside a bare relay and
 * @hocuspocus/server 4.7 with its SQLite store, in the same run on the same machine.
 * Ratios count; milliseconds are the machine's. `npm run bench -- W1 W4` picks workloads.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type BenchServer, names, type ServerName, startServer } from "./servers.ts";
import { coldOpen, type Figures, fanOut, killed, ramp } from "./workloads.ts";

type Workload = {
  readonly id: string;
  readonly title: string;
  readonly clients: number;
  readonly servers: readonly ServerName[];
  readonly rounds: number;
  run(server: BenchServer): Promise<Figures>;
  /** Figure → what we compare with, and the goal for ours as a ratio to it. */
  readonly goals: Readonly<
    Record<string, { readonly to: ServerName; readonly atMost?: number; readonly atLeast?: number }>
  >;
};

const keystrokes = 20_000;
const workloads: readonly Workload[] = [
  {
    id: "W1",
    title: "50 people type 5 characters a second in one document (ms; server µs a delivery)",
    clients: 50,
    servers: names,
    rounds: 3,
    run: (server) => fanOut(server, 50),
    goals: { p50: { to: "hocus-sql", atMost: 1.6 }, cpu: { to: "hocus-sql", atMost: 1.1 } },
  },
  {
    id: "W2",
    title: "50 people, faster by half each step until p95 > 250 ms (updates/s; server µs an update)",
    clients: 50,
    servers: names,
    rounds: 1,
    run: (server) => ramp(server, 50),
    goals: { updatesPerSecond: { to: "hocus-sql", atLeast: 1 }, cpu: { to: "hocus-sql", atMost: 0.7 } },
  },
  {
    id: "W4",
    title: `a document of ${keystrokes} keystrokes: taking it in, and a cold open after a restart`,
    clients: 3,
    servers: ["hocus-sql", "ours"],
    rounds: 1,
    run: (server) => coldOpen(server, keystrokes),
    goals: {
      ingestCpu: { to: "hocus-sql", atMost: 0.4 },
      openMs: { to: "hocus-sql", atMost: 0.25 },
      openBytes: { to: "hocus-sql", atMost: 0.5 },
    },
  },
  {
    id: "W5",
    title: "kill -9 when the last of 60 edits was seen by another (edits)",
    clients: 3,
    servers: ["hocus-sql", "ours"],
    rounds: 1,
    run: (server) => killed(server, 3),
    goals: {},
  },
];

if (!existsSync("/proc/self/stat"))
  stop("The bench reads processor times from /proc and so runs on Linux only.");
if (!existsSync(join(import.meta.dirname, "node_modules"))) {
  console.log("Installing the peers (once) …");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: import.meta.dirname,
    stdio: "inherit",
  });
  if (npm.status !== 0) stop("The peers could not be installed.");
}

const asked = process.argv.slice(2);
for (const workload of workloads.filter(({ id }) => asked.length === 0 || asked.includes(id))) {
  console.log(`\n${workload.id}  ${workload.title}`);
  const rounds = new Map<ServerName, Figures[]>(workload.servers.map((name) => [name, []]));
  // Interleaved, so that a busy minute of the machine hits all alike.
  for (let round = 0; round < workload.rounds; round += 1) {
    for (const name of workload.servers) {
      const server = await startServer(name, 1, workload.clients);
      rounds.get(name)?.push(await workload.run(server));
      await server.remove();
    }
  }
  report(workload, new Map([...rounds].map(([name, figures]) => [name, medians(figures)])));
}

function medians(rounds: readonly Figures[]): Figures {
  const first = rounds[0] ?? {};
  return Object.fromEntries(
    Object.keys(first).map((key) => {
      const values = rounds.map((figures) => figures[key] ?? Number.NaN).sort((one, other) => one - other);
      return [key, values[Math.floor(values.length / 2)] ?? Number.NaN];
    }),
  );
}

function report(workload: Workload, results: ReadonlyMap<ServerName, Figures>): void {
  for (const [name, figures] of results) {
    const cells = Object.entries(figures).map(
      ([key, value]) => `${key} ${value < 100 ? value.toFixed(2) : Math.round(value)}`,
    );
    console.log(`  ${name.padEnd(10)} ${cells.join("   ")}`);
  }
  for (const [figure, { to, atMost, atLeast }] of Object.entries(workload.goals)) {
    const ratio = (results.get("ours")?.[figure] ?? Number.NaN) / (results.get(to)?.[figure] ?? Number.NaN);
    const isMet = (atMost === undefined || ratio <= atMost) && (atLeast === undefined || ratio >= atLeast);
    const goal = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
    console.log(`  ours / ${to}, ${figure}: ${ratio.toFixed(2)} (goal ${goal}) ${isMet ? "met" : "NOT met"}`);
  }
}

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
