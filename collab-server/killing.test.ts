/** Killed at any instant, the server has lost nothing it acknowledged (rule CS23 of PROTOCOL.md). */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { RawClient } from "./testing/raw-client.ts";

let world: CollabWorld;
let running: ChildProcess | null = null;
afterEach(async () => {
  running?.kill("SIGKILL");
  await world.close();
});

const program = fileURLToPath(new URL("./testing/server-process.ts", import.meta.url));

async function startServer(path: string): Promise<number> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  running = child;
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return (JSON.parse(line) as { port: number }).port;
}

describe("kill -9", () => {
  it("[B1][CS23] loses and doubles no acked token over SIGKILLs at random instants, with 8 typists", async () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(500, 50);
    world = await openCollabWorld();
    const documents = await Promise.all(Array.from({ length: 4 }, () => world.document("")));
    const people = await Promise.all(
      Array.from({ length: 8 }, (_, i) => world.person({ side: i % 2 ? "employer" : "provider" })),
    );
    const ledger = documents.map(() => new Set<string>());
    const sent = documents.map(() => new Set<string>());
    let port = await startServer(world.database.path);
    const typists = people.map((person, i) => {
      const document = documents[i % documents.length];
      if (document === undefined) throw new Error("no document");
      return new RawClient({
        url: (self) =>
          world
            .url(document, { client: self.doc.clientID, have: self.have })
            .replace(`:${world.port}/`, `:${port}/`),
        headers: { Origin: "http://two-way.test", Cookie: person.cookie },
      });
    });
    const firstAcks: number[] = [];
    let acked = 0;
    for (let trial = 0; trial < count; trial++) {
      const startedAt = performance.now();
      let isKilled = false;
      let ackedInTrial = 0;
      const wanted = 8 + Math.floor(random() * 40);
      const reached = Promise.withResolvers<void>();
      await Promise.all(
        typists.map(async (typist, i) => {
          await typist.letIn();
          await typist.allAcked();
          const lane = i % documents.length;
          const waiting: { token: string; frame: number }[] = [];
          let typed = 0;
          const typeOne = () => {
            if (isKilled || !typist.isSynced) return;
            const token = `‹${trial}.${i}.${typed++}›`;
            sent[lane]?.add(token);
            typist.type(token);
            waiting.push({ token, frame: typist.sentFrames });
          };
          const heard = () => {
            let isNews = false;
            while (waiting[0] !== undefined && waiting[0].frame <= typist.ackedFrames) {
              const { token } = waiting.shift() ?? { token: "" };
              ledger[lane]?.add(token);
              isNews = true;
              if (acked++ >= 0 && ackedInTrial++ === 0) firstAcks.push(performance.now() - startedAt);
            }
            if (ackedInTrial >= wanted) reached.resolve();
            if (isNews) typeOne();
          };
          typist.events.removeAllListeners("change");
          typist.events.on("change", heard);
          typeOne();
          typeOne();
        }),
      );
      await reached.promise;
      isKilled = true;
      running?.kill("SIGKILL");
      if (running !== null) await once(running, "exit");
      await Promise.all(typists.map((typist) => typist.gone()));
      // What a stranger finds on the disk, before any of the typists comes back.
      const onDisk = new Sqlite(world.database.path, { readonly: true });
      for (const [lane, document] of documents.entries()) {
        const doc = new Y.Doc();
        const rows = onDisk
          .prepare("select bytes from log where document = ? order by seq")
          .all(document.number) as { bytes: Buffer }[];
        for (const { bytes } of rows) Y.applyUpdate(doc, bytes);
        const text = doc.getText("default").toString();
        for (const token of ledger[lane] ?? []) expect(text.split(token).length - 1, token).toBe(1);
      }
      if (trial === count - 1) expect(onDisk.pragma("integrity_check", { simple: true })).toBe("ok");
      onDisk.close();
      port = await startServer(world.database.path);
    }
    // Everybody comes back: what was typed and not acked is there now, once.
    for (const typist of typists) {
      await typist.letIn();
      await typist.allAcked();
    }
    for (const [lane, tokens] of sent.entries()) {
      const [one, two] = [typists[lane], typists[lane + documents.length]];
      await one?.until(() => one.text === two?.text, "both have the same text");
      for (const token of tokens) expect(one?.text.split(token).length, token).toBe(2);
    }
    firstAcks.sort((a, b) => a - b);
    told(
      "B1",
      count,
      seed,
      `${acked} acked tokens, 0 lost, 0 doubled; first ack after a restart ${Math.round(firstAcks[Math.floor(count / 2)] ?? 0)} ms (median), ${Math.round(firstAcks.at(-1) ?? 0)} ms (slowest)`,
    );
    for (const typist of typists) typist.destroy();
  });
});
