/** Killed at any instant, the server has lost nothing it acknowledged (rule CS23 of PROTOCOL.md). */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { firstText } from "../app/document/first-text.ts";
import { plainText } from "../app/document/plain-text.ts";
import { readDocument } from "../app/document/read-fragment.ts";
import { insertPlanDocument, type PlanDocument } from "../db/testing/plan-fixture.ts";
import { derivedFacts, factsOfAFreshRun } from "./follow-log/testing/derived-facts.ts";
import { FollowWorld, textOfBlock } from "./follow-log/testing/plan-world.ts";
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

/** With followers one takes twice as long to start: every fifth has them. */
async function startServer(path: string, isFollowed = false): Promise<number> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program, path, ...(isFollowed ? ["--follow"] : [])],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  running = child;
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return (JSON.parse(line) as { port: number }).port;
}

/** Full counts on a busy machine, ms. */
const longRun = 900_000 + (Number(process.env["SCALE"] ?? "0") || 0) * 4 * 60 * 60_000;

/** Tokens go into the first block; the letters of the second are there to be deleted. */
const plan = {
  type: "doc" as const,
  content: ["Written under the axe. ", "x".repeat(20_000)].map((text) => ({
    type: "paragraph",
    content: [{ type: "text", text }],
  })),
};
const wordsOf = (doc: Y.Doc) => plainText(readDocument(doc).json).replace(/\nx*$/, "");

type Part = { added: number; removed: number };
type Told = { readonly parts: Map<string, Part>; readonly tokens: Map<string, string> };

/**
 * What the rows of the log alone say of a document: how many characters each person wrote
 * and deleted, and in whose row each token came. Deletions travel again with later rows;
 * whoever named one first made it.
 */
function toldByLog(sqlite: Sqlite.Database, document: number): Told {
  const rows = sqlite
    .prepare(
      `select log.bytes, log_source.user_id as user from log join log_source on log_source.id = log.source
       where log.document = ? and log.seq > 1 order by log.seq`,
    )
    .all(document) as { bytes: Buffer; user: string }[];
  const parts = new Map<string, Part>();
  const tokens = new Map<string, string>();
  const gone = new Set<string>();
  for (const { bytes, user } of rows) {
    const { structs, ds } = Y.decodeUpdate(bytes);
    const part = parts.get(user) ?? { added: 0, removed: 0 };
    parts.set(user, part);
    for (const struct of structs) {
      if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentString)) continue;
      part.added += struct.length;
      for (const token of struct.content.str.match(/‹[^›]*›/g) ?? []) tokens.set(token, user);
    }
    for (const [client, ranges] of ds.clients)
      for (const { clock, len } of ranges)
        for (let at = clock; at < clock + len; at++) {
          if (!gone.has(`${client} ${at}`)) part.removed++;
          gone.add(`${client} ${at}`);
        }
  }
  return { parts, tokens };
}

/** The same as the followers tell it, who were killed with the server and go on from where they were. */
function toldByFollowers(sqlite: Sqlite.Database, document: number): Map<string, Part> {
  const rows = sqlite
    .prepare(
      `select user_id as user, sum(characters_added) as added, sum(characters_removed) as removed
       from activity_day where document = ? group by user_id`,
    )
    .all(document) as { user: string; added: number; removed: number }[];
  return new Map(rows.map(({ user, added, removed }) => [user, { added, removed }]));
}

describe("kill -9", () => {
  it(
    "[B1][CS23] loses and doubles no acked token, and forgets nobody's part in it, over SIGKILLs at random instants, with 8 typists",
    async () => {
      const seed = seedOfRun();
      const random = seeded(seed);
      const count = trials(500, 50);
      world = await openCollabWorld();
      const newDocument = () =>
        insertPlanDocument(
          world.database.db,
          world.plan,
          "",
          (_, clientId) => firstText(plan, clientId).update,
        );
      const documents: PlanDocument[] = [];
      for (let i = 0; i < 4; i++) documents.push(await newDocument());
      const followWorld = new FollowWorld(world.database, world.plan, world.realLog);
      const asides: unknown[] = [];
      const people = await Promise.all(
        Array.from({ length: 8 }, (_, i) => world.person({ side: i % 2 ? "employer" : "provider" })),
      );
      const numbers = documents.map(({ number }) => number);
      const ledger = documents.map(() => new Set<string>());
      const sent = documents.map(() => new Set<string>());
      let port = await startServer(world.database.path, true);
      const typists = people.map((person, i) => {
        const document = documents[i % documents.length];
        if (document === undefined) throw new Error("no document");
        return new RawClient({
          url: (self) =>
            world
              .url(document, { client: self.doc.clientID, have: self.have })
              .replace(`:${world.port}/`, `:${port}/`),
          headers: { Origin: "http://two-way.test", Cookie: person.cookie },
          isPlan: true,
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
              textOfBlock(typist.doc, 0).insert(0, token);
              if (typed % 3 === 0) textOfBlock(typist.doc, 1).delete(Math.floor(random() * 1_000), 1);
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
          const text = wordsOf(doc);
          for (const token of ledger[lane] ?? []) expect(text.split(token).length - 1, token).toBe(1);
        }
        // The followers died with the server, or have not looked for a while. Where they go on, they
        // know of everybody's part what the log knows, and each token stands in its typist's row.
        const { follow, sqlite } = followWorld.follow({ onAside: (aside) => asides.push(aside) });
        follow.read();
        for (const { id } of documents) follow.left(id);
        follow.flush({ all: true, now: 0 });
        for (const { number } of documents) {
          const inLog = toldByLog(sqlite, number);
          for (const [token, user] of inLog.tokens)
            if (people[Number(token.split(".")[1])]?.userId !== user)
              throw new Error(`${token}: not by ${user}`);
          expect(toldByFollowers(sqlite, number)).toEqual(inLog.parts);
        }
        if (trial % 25 === 0 || trial === count - 1)
          expect(derivedFacts(sqlite, numbers)).toEqual(factsOfAFreshRun(followWorld, documents));
        sqlite.close();
        if (trial === count - 1) expect(onDisk.pragma("integrity_check", { simple: true })).toBe("ok");
        onDisk.close();
        port = await startServer(world.database.path, trial % 5 === 4);
      }
      // Everybody comes back: what was typed and not acked is there now, once.
      for (const typist of typists) {
        await typist.letIn();
        await typist.allAcked();
      }
      for (const [lane, tokens] of sent.entries()) {
        const [one, two] = [typists[lane], typists[lane + documents.length]];
        await one?.until(
          () => two !== undefined && wordsOf(one.doc) === wordsOf(two.doc),
          "both have the same text",
        );
        const text = one ? wordsOf(one.doc) : "";
        for (const token of tokens) expect(text.split(token).length, token).toBe(2);
      }
      expect(asides).toEqual([]);
      firstAcks.sort((a, b) => a - b);
      told(
        "B1",
        count,
        seed,
        `${acked} acked tokens, 0 lost, 0 doubled, histories and everybody's part as the log has them after each kill; first ack after a restart ${Math.round(firstAcks[Math.floor(count / 2)] ?? 0)} ms (median), ${Math.round(firstAcks.at(-1) ?? 0)} ms (slowest)`,
      );
      for (const typist of typists) typist.destroy();
    },
    longRun,
  );
});
