/** The workloads of the bench. Each is one function: a server in, figures out. */
import { setTimeout as pause } from "node:timers/promises";
import type { BenchServer } from "./servers.ts";
import { writingSession } from "./session.ts";
import type { DueTimes, Typist } from "./typist.ts";

export type Figures = Readonly<Record<string, number>>;

/** What servers put off (histories, search, whole-document stores) is done by then and belongs to the price, ms. */
const putOffMs = 12_000;

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

/** W3: `documents` documents with two people each, who type 2 characters a second. */
export async function manyDocuments(server: BenchServer, documents: number): Promise<Figures> {
  // Only two people meet in a document, so each has a count of what is due of its own.
  const pairs = await inGroups(documents, 25, async (number) => {
    const due: DueTimes = new Map();
    return [await server.join(number, due), await server.join(number, due)] as const;
  });
  const typists = pairs.flat();
  const missing = () =>
    pairs.reduce((sum, [one, other]) => sum + one.sent - other.received + other.sent - one.received, 0);
  // Long enough that the compilers of every thread have finished: people type for hours.
  await typeFor(typists, typists.length * 2, 8);
  await pause(putOffMs);
  for (const { latencies } of typists) latencies.length = 0;
  const cpuBefore = server.cpuMs();
  const sentBefore = typists.reduce((sum, { sent }) => sum + sent, 0);
  await typeFor(typists, typists.length * 2, 6);
  const until = performance.now() + 10_000;
  while (missing() > 0 && performance.now() < until) await pause(20);
  await pause(putOffMs);
  const updates = typists.reduce((sum, { sent }) => sum + sent, 0) - sentBefore;
  const cpu = ((server.cpuMs() - cpuBefore) * 1000) / updates;
  const latencies = typists.flatMap(({ latencies }) => latencies);
  for (const typist of typists) typist.leave();
  return { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), cpu, missing: missing() };
}

/** W4: a document of a whole writing session, opened by a fresh process. */
export async function coldOpen(server: BenchServer, keystrokes: number): Promise<Figures> {
  const session = writingSession(keystrokes);
  const due: DueTimes = new Map();
  const writer = await server.join(0, due);
  const reader = await server.join(0, due);
  const cpuBefore = server.cpuMs();
  const startedAt = performance.now();
  for (const edit of session) {
    writer.edit(edit);
    if (writer.written - reader.received >= 800)
      await reader.until(() => writer.written - reader.received < 400);
  }
  await reader.until(() => reader.received >= writer.written);
  const ingestSeconds = (performance.now() - startedAt) / 1000;
  await pause(putOffMs);
  const ingestCpu = ((server.cpuMs() - cpuBefore) * 1000) / writer.sent;
  writer.leave();
  reader.leave();
  await pause(3_000);
  const opens: Figures[] = [];
  for (let i = 0; i < 5; i += 1) {
    await server.kill("SIGTERM");
    await server.restart();
    const cpuAtStart = server.cpuMs();
    const openedAt = performance.now();
    const newcomer = await server.join(0, due);
    await newcomer.until(() => newcomer.received >= writer.written);
    const openMs = performance.now() - openedAt;
    const openCpuMs = server.cpuMs() - cpuAtStart;
    // Some servers send the whole a second time, right behind the first.
    await pause(200);
    opens.push({ openMs, openCpuMs, openBytes: newcomer.bytes });
    newcomer.leave();
  }
  const middle = (figure: string) =>
    quantile(
      opens.map((open) => open[figure] ?? Number.NaN),
      0.5,
    );
  return {
    ingestPerSecond: writer.sent / ingestSeconds,
    ingestCpu,
    openMs: middle("openMs"),
    openCpuMs: middle("openCpuMs"),
    openBytes: middle("openBytes"),
  };
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

/** W6: 500 people in 100 documents come back at once after a restart. */
export async function allReturn(server: BenchServer): Promise<Figures> {
  const [documents, perDocument, size] = [100, 5, 5_000];
  const due: DueTimes = new Map();
  await fill(server, documents, size, due);
  await pause(3_000);
  await server.kill("SIGTERM");
  await server.restart();
  const cpuBefore = server.cpuMs();
  const startedAt = performance.now();
  const typists = await Promise.all(
    Array.from({ length: documents * perDocument }, (_, index) => server.join(index % documents, due)),
  );
  const allSyncedMs = performance.now() - startedAt;
  const cpuMs = server.cpuMs() - cpuBefore;
  const incomplete = typists.filter(({ received }) => received < size).length;
  for (const typist of typists) typist.leave();
  return { allSyncedMs, cpuMs, incomplete };
}

/** W7: 500 documents of 20 kB opened and closed, six times over; then 500 idle people in a fresh process. */
export async function memory(server: BenchServer): Promise<Figures> {
  const [documents, size, cycles] = [500, 20_000, 6];
  const due: DueTimes = new Map();
  await fill(server, documents, size, due);
  const afterCycles: number[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    await inGroups(documents, 25, async (number) => (await server.join(number, due)).leave());
    await pause(4_000);
    afterCycles.push(server.rssKb());
  }
  // Memory that a process once took is used again: only a fresh one shows what a person costs.
  await server.kill("SIGTERM");
  await server.restart();
  const warm = await inGroups(50, 25, (number) => server.join(number % 10, due));
  await pause(1_000);
  const before = server.rssKb();
  const idle = await inGroups(500, 25, (number) => server.join(number % 10, due));
  await pause(1_000);
  const kbPerIdleClient = (server.rssKb() - before) / idle.length;
  for (const typist of [...warm, ...idle]) typist.leave();
  return {
    mbAfterCycle2: (afterCycles[1] ?? Number.NaN) / 1024,
    mbAfterLastCycle: (afterCycles[cycles - 1] ?? Number.NaN) / 1024,
    kbGrownPerDocument: slope(afterCycles.slice(2)) / documents,
    kbPerIdleClient,
  };
}

/** Growth per step of a line laid through the values (least squares). */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rise = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  return rise / values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
}

/** Writes `size` characters into each of the first `documents` documents. */
async function fill(server: BenchServer, documents: number, size: number, due: DueTimes): Promise<void> {
  await inGroups(documents, 25, async (number) => {
    const writer = await server.join(number, due);
    writer.edit([0, 0, "x".repeat(size)]);
    await writer.until(() => writer.acked > 0);
    writer.leave();
  });
}

/** Runs `work` for 0 … count − 1, at most `atOnce` at a time. */
async function inGroups<T>(count: number, atOnce: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => work(from + index));
    results.push(...(await Promise.all(group)));
  }
  return results;
}
