/** The workloads of the bench. Each is one function: a server in, figures out. */
import { setTimeout as pause } from "node:timers/promises";
import type { BenchServer } from "./servers.ts";
import type { DueTimes, Typist } from "./typist.ts";

export type Figures = Readonly<Record<string, number>>;

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function joinAll(server: BenchServer, count: number, due: DueTimes): Promise<Typist[]> {
  const typists: Typist[] = [];
  for (let i = 0; i < count; i += 1) typists.push(await server.join(0, due));
  return typists;
}

/** Types `perSecond` characters a second, all clients together, for `seconds`; open loop. */
async function typeFor(typists: readonly Typist[], perSecond: number, seconds: number): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  let typed = 0;
  while (typed < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
    for (; typed < due; typed += 1) {
      // Counted from the instant the edit was due, not from when we got round to it.
      typists[typed % typists.length]?.type(startedAt + (typed / perSecond) * 1000);
    }
    await pause(1);
  }
}

/** Waits until every edit has reached every other client, at most `seconds`; gives what is missing. */
async function arrived(typists: readonly Typist[], seconds: number): Promise<number> {
  const sent = typists.reduce((sum, { sent }) => sum + sent, 0);
  const missing = () => typists.reduce((sum, { received, sent: own }) => sum + (sent - own) - received, 0);
  const until = performance.now() + seconds * 1000;
  while (missing() > 0 && performance.now() < until) await pause(20);
  return missing();
}

/** W1: everybody types 5 characters a second into one document. */
export async function fanOut(server: BenchServer, clients: number): Promise<Figures> {
  const typists = await joinAll(server, clients, new Map());
  await typeFor(typists, clients * 5, 1);
  await arrived(typists, 5);
  for (const { latencies } of typists) latencies.length = 0;
  const cpuBefore = server.cpuMs();
  const receivedBefore = typists.reduce((sum, { received }) => sum + received, 0);
  await typeFor(typists, clients * 5, 6);
  const missing = await arrived(typists, 10);
  const deliveries = typists.reduce((sum, { received }) => sum + received, 0) - receivedBefore;
  const cpu = ((server.cpuMs() - cpuBefore) * 1000) / deliveries;
  const latencies = typists.flatMap(({ latencies }) => latencies);
  for (const typist of typists) typist.leave();
  return { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), cpu, missing };
}

/** W2: faster by half each step, until p95 is above 250 ms; the highest rate that was under it. */
export async function ramp(server: BenchServer, clients: number): Promise<Figures> {
  const typists = await joinAll(server, clients, new Map());
  let best = 0;
  let cpuAtBest = Number.NaN;
  for (let rate = 1_000; rate <= 60_000; rate *= 1.5) {
    for (const { latencies } of typists) latencies.length = 0;
    const cpuBefore = server.cpuMs();
    await typeFor(typists, rate, 2);
    const missing = await arrived(typists, 5);
    if (
      missing > 0 ||
      quantile(
        typists.flatMap(({ latencies }) => latencies),
        0.95,
      ) > 250
    )
      break;
    best = rate;
    cpuAtBest = ((server.cpuMs() - cpuBefore) * 1000) / (rate * 2);
  }
  for (const typist of typists) typist.leave();
  return { updatesPerSecond: best, cpu: cpuAtBest };
}

/** W4: a document of `keystrokes` recorded keystrokes, opened by a fresh process. */
export async function coldOpen(server: BenchServer, keystrokes: number): Promise<Figures> {
  const due: DueTimes = new Map();
  const writer = await server.join(0, due);
  const reader = await server.join(0, due);
  const cpuBefore = server.cpuMs();
  const startedAt = performance.now();
  for (let typed = 0; typed < keystrokes; typed += 1) {
    writer.type();
    if (writer.sent - reader.received >= 800) await reader.until(() => writer.sent - reader.received < 400);
  }
  await reader.until(() => reader.received >= keystrokes);
  const ingestSeconds = (performance.now() - startedAt) / 1000;
  const ingestCpu = ((server.cpuMs() - cpuBefore) * 1000) / keystrokes;
  writer.leave();
  reader.leave();
  await pause(3_000);
  await server.kill("SIGTERM");
  await server.restart();
  const openedAt = performance.now();
  const newcomer = await server.join(0, due);
  await newcomer.until(() => newcomer.received >= keystrokes);
  const openMs = performance.now() - openedAt;
  newcomer.leave();
  return { ingestPerSecond: keystrokes / ingestSeconds, ingestCpu, openMs, openBytes: newcomer.bytes };
}

/** W5: kill -9 as soon as the last edit was seen by another; how many edits the restarted server has not. */
export async function killed(server: BenchServer, seconds: number): Promise<Figures> {
  const due: DueTimes = new Map();
  const writer = await server.join(0, due);
  const reader = await server.join(0, due);
  await typeFor([writer], 20, seconds);
  await reader.until(() => reader.received >= writer.sent);
  const delivered = reader.received;
  const acked = Math.min(writer.acked, writer.sent);
  await server.kill("SIGKILL");
  writer.leave();
  reader.leave();
  await server.restart();
  const newcomer = await server.join(0, due);
  await pause(300);
  const kept = newcomer.received;
  newcomer.leave();
  return { delivered, lost: delivered - kept, ackedLost: Math.max(0, acked - kept) };
}
