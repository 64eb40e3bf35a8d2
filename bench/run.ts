/**
 * `npm run bench`: our server with everything on, beside a bare relay and
 * @hocuspocus/server 4.7 with its SQLite store, in the same run on the same machine.
 * Ratios count; milliseconds are the machine's. `npm run bench -- W1 W4` picks
 * workloads; `--full` takes all sizes and 100,000 keystrokes instead of about eight
 * minutes' worth. `BENCH_TRACE` names a recorded session for W4 (`session.ts`).
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchServer, names, type ServerName, startServer } from "./servers.ts";
import {
  allReturn,
  coldOpen,
  type Figures,
  fanOut,
  killed,
  manyDocuments,
  memory,
  ramp,
} from "./workloads.ts";

/** What ours may be: a ratio to another server's figure, or a figure of its own. */
type Goal = { readonly to?: ServerName; readonly atMost?: number; readonly atLeast?: number };

type Workload = {
  readonly id: string;
  readonly title: string;
  readonly documents: number;
  readonly clients: number;
  readonly servers: readonly ServerName[];
  readonly rounds: number;
  /** Only with `--full`. */
  readonly isLong?: true;
  run(server: BenchServer): Promise<Figures>;
  readonly goals: Readonly<Record<string, Goal>>;
};

const options = process.argv.slice(2);
const isFull = options.includes("--full");
const asked = options.filter((option) => !option.startsWith("--"));
const keystrokes = isFull ? 100_000 : 20_000;
const storing: readonly ServerName[] = ["hocus-sql", "ours"];

const fanOutOf = (clients: number, rounds: number): Workload => ({
  id: "W1",
  title: `${clients} people type 5 characters a second in one document (ms; server µs a delivery)`,
  documents: 1,
  clients,
  servers: names,
  rounds,
  run: (server) => fanOut(server, clients),
  goals: {
    p50: { to: "hocus-sql", atMost: 1.6 },
    cpu: { to: "hocus-sql", atMost: 1.1 },
    missing: { atMost: 0 },
  },
});

const rampOf = (clients: number, goals: Workload["goals"]): Workload => ({
  id: "W2",
  title: `${clients} people, faster by half each step until p95 > 250 ms (updates/s; server µs an update)`,
  documents: 1,
  clients,
  servers: names,
  rounds: 1,
  run: (server) => ramp(server, clients),
  goals,
});

const workloads: readonly Workload[] = [
  { ...fanOutOf(10, 3), isLong: true },
  fanOutOf(50, 3),
  { ...fanOutOf(100, 3), isLong: true },
  { ...rampOf(10, { updatesPerSecond: { to: "relay", atLeast: 0.75 } }), isLong: true },
  rampOf(50, {
    updatesPerSecond: { to: "hocus-sql", atLeast: 1 },
    cpu: { to: "hocus-sql", atMost: 0.7 },
  }),
  {
    id: "W3",
    title: "500 documents, two people each, 2 characters a second (ms; server µs an update)",
    documents: 500,
    clients: 1_000,
    servers: names,
    rounds: 1,
    run: (server) => manyDocuments(server, 500),
    goals: { cpu: { to: "hocus-sql", atMost: 1 }, missing: { atMost: 0 } },
  },
  {
    id: "W4",
    title: `a document of ${keystrokes} keystrokes: taking it in (µs each), and a cold open after a restart`,
    documents: 1,
    clients: 3,
    servers: storing,
    rounds: 1,
    run: (server) => coldOpen(server, keystrokes),
    goals: {
      ingestCpu: { to: "hocus-sql", atMost: 0.4 },
      openMs: { to: "hocus-sql", atMost: 0.25 },
      openCpuMs: { to: "hocus-sql", atMost: 0.1 },
      openBytes: { to: "hocus-sql", atMost: 0.5 },
    },
  },
  {
    id: "W5",
    title: "kill -9 when the last of 60 edits was seen by another (edits)",
    documents: 1,
    clients: 3,
    servers: storing,
    rounds: 1,
    run: (server) => killed(server, 3),
    goals: { lost: { atMost: 0 }, ackedLost: { atMost: 0 } },
  },
  {
    id: "W6",
    title: "500 people in 100 documents of 5 kB come back at once after a restart (ms)",
    documents: 100,
    clients: 500,
    servers: storing,
    rounds: 1,
    run: allReturn,
    goals: { allSyncedMs: { to: "hocus-sql", atMost: 0.5 }, incomplete: { atMost: 0 } },
  },
  {
    id: "W7",
    title: "500 documents of 20 kB opened and closed six times; then 500 idle people in a fresh process",
    documents: 500,
    clients: 600,
    servers: storing,
    rounds: 1,
    run: memory,
    // None, within what a process's memory wavers by.
    goals: { kbGrownPerDocument: { atMost: 0.5 }, kbPerIdleClient: { to: "hocus-sql", atMost: 0.6 } },
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

const load = () => `load ${loadavg()[0]?.toFixed(1)}`;
const chosen = workloads.filter(({ id, isLong }) =>
  asked.length === 0 ? isFull || !isLong : asked.includes(id) && (isFull || !isLong),
);
for (const workload of chosen) {
  console.log(`\n${workload.id}  ${workload.title}, ${load()}`);
  const rounds = new Map<ServerName, Figures[]>(workload.servers.map((name) => [name, []]));
  // Interleaved, so that a busy minute of the machine hits all alike.
  for (let round = 0; round < workload.rounds; round += 1) {
    for (const name of workload.servers) {
      const server = await startServer(name, workload.documents, workload.clients);
      try {
        rounds.get(name)?.push(await workload.run(server));
      } finally {
        await server.remove();
      }
    }
  }
  report(workload, new Map([...rounds].map(([name, figures]) => [name, medians(figures)])));
}
if (asked.length === 0 || asked.includes("bytes")) {
  console.log(`\nBytes physically written per keystroke, update log alone, ${load()}`);
  const program = join(import.meta.dirname, "log-bytes.ts");
  const { status } = spawnSync(process.execPath, [program, tmpdir()], { stdio: "inherit" });
  if (status !== 0) stop("The bytes could not be measured.");
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
    const ours = results.get("ours")?.[figure] ?? Number.NaN;
    const found = to === undefined ? ours : ours / (results.get(to)?.[figure] ?? Number.NaN);
    const isMet = (atMost === undefined || found <= atMost) && (atLeast === undefined || found >= atLeast);
    const goal = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
    const name = to === undefined ? `ours, ${figure}` : `ours / ${to}, ${figure}`;
    console.log(`  ${name}: ${found.toFixed(2)} (goal ${goal}) ${isMet ? "met" : "NOT met"}`);
  }
}

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
