/** Broken traffic costs its sender only (rules CS41 and CS45 of PROTOCOL.md). */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { firstText } from "../app/document/first-text.ts";
import { readDocument } from "../app/document/read-fragment.ts";
import type { DocumentId, UserId } from "../app/domain/ids.ts";
import { exportFormats } from "../app/export/render.ts";
import { openRenderer } from "../db/exports/renderer.ts";
import { findDocuments } from "../db/queries/search.ts";
import { insertPlanDocument, type PlanDocument } from "../db/testing/plan-fixture.ts";
import { openHistories } from "./follow-log/histories.ts";
import { type FrameClass, frameClasses, type Outcome } from "./testing/broken-frames.ts";
import { type CollabWorld, openCollabWorld, type Person } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import type { RawClient } from "./testing/raw-client.ts";
import { sendOverOneLine } from "./testing/raw-line.ts";

let world: CollabWorld;
let running: ChildProcess | null = null;
afterEach(async () => {
  running?.kill("SIGKILL");
  await world.close();
});

const program = fileURLToPath(new URL("./testing/server-process.ts", import.meta.url));
const origin = "http://two-way.test";

interface Held {
  readonly bytes: number;
  readonly connections: number;
  /** What its followers could not do. */
  readonly troubles: readonly string[];
}

/** A server in a process of its own: whatever ends it, ends it for all to see. */
class Attacked {
  readonly #lines: Interface;
  readonly #child: ChildProcess;
  readonly exited: Promise<readonly unknown[]>;
  readonly port: number;

  private constructor(child: ChildProcess, lines: Interface, port: number) {
    this.#child = child;
    this.#lines = lines;
    this.port = port;
    this.exited = once(child, "exit");
  }

  static async start(path: string): Promise<Attacked> {
    const options = ["--disable-warning=ExperimentalWarning", "--expose-gc"];
    const child = spawn(process.execPath, [...options, program, path, "--follow"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    running = child;
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, "line")) as [string];
    return new Attacked(child, lines, (JSON.parse(line) as { port: number }).port);
  }

  /** What it holds after a collection. */
  async holds(): Promise<Held> {
    const line = once(this.#lines, "line");
    this.#child.kill("SIGUSR2");
    const [text] = (await line) as [string];
    return JSON.parse(text) as Held;
  }

  async stop(): Promise<readonly unknown[]> {
    this.#child.kill("SIGTERM");
    return this.exited;
  }
}

/** What files are drawn with. */
const provenance = {
  ...{ title: "Plan", kindName: "Page", partnershipTitle: "Partnership", programmeTitle: "Programme" },
  ...{ sides: [], isIllustrative: true, version: null, asAt: 0, contentHash: null },
  ...{ exportedBy: "Reader", exportedAt: 0, url: "http://two-way.test/documents/1" },
};
const seed = "What the learner can do";
const plan = {
  type: "doc" as const,
  content: [seed, "and how it is taught. ".repeat(300)].map((words) => ({
    type: "paragraph",
    content: [{ type: "text", text: words }],
  })),
};
/** Full counts on a busy machine, ms. */
const longRun = 600_000 + (Number(process.env["SCALE"] ?? "0") || 0) * 4 * 60 * 60_000;
/** So many documents of a class that stores: none may come near its limit of bytes. */
const framesInADocument = 1_000;
/** What stays open, sent before the frame that ends the line. */
const framesBefore = 7;

/** A class under way: its documents, and what has become of its frames. */
interface Course {
  readonly kind: FrameClass;
  readonly documents: PlanDocument[];
  readonly outcomes: Map<Outcome, number>;
  sent: number;
}

describe("malformed traffic", () => {
  it(
    "[W5][B12][CS41][CS45] 100,000 broken frames of 30 classes end no process, disturb no room, and nothing of them that is stored harms a follower",
    async () => {
      world = await openCollabWorld();
      const runSeed = seedOfRun();
      const random = seeded(runSeed);
      const wanted = trials(5_000_000, 100_000);
      const authors = new Map<PlanDocument, number>();
      const newDocument = async () => {
        let author = 0;
        const document = await insertPlanDocument(world.database.db, world.plan, "", (_, clientId) => {
          author = clientId;
          return firstText(plan, clientId).update;
        });
        authors.set(document, author);
        return document;
      };
      const attackers = await Promise.all(Array.from({ length: 8 }, () => world.person()));
      const quietRoom = await world.document("Base ");
      const elsewhere = new Y.Doc();
      elsewhere.getText("default").insert(0, "Written in another document.");

      const courses: Course[] = [];
      for (const kind of frameClasses)
        courses.push({ kind, documents: [await newDocument()], outcomes: new Map(), sent: 0 });
      const lasts = courses.filter(({ kind }) => !kind.staysOpen);
      const firsts = courses.filter(({ kind }) => kind.staysOpen);

      const server = await Attacked.start(world.database.path);
      const joinAttacked = async (person: Person, document: PlanDocument): Promise<RawClient> => {
        const client = world.client(person, document, {
          url: (self) =>
            world
              .url(document, { client: self.doc.clientID, have: self.have })
              .replace(`:${world.port}/`, `:${server.port}/`),
          headers: { Origin: origin, Cookie: person.cookie },
          isPlan: document !== quietRoom,
        });
        client.connect();
        await client.synced();
        return client;
      };
      const witness = await joinAttacked(await world.person({ side: "employer" }), quietRoom);
      // Honest people in attacked rooms: one where nothing passes, and where everything does.
      const insiders: { client: RawClient; course: Course }[] = [];
      const holder = await world.person({ side: "employer" });
      for (const course of [lasts[0], ...lasts.filter(({ kind }) => kind.wantsFreshClient)])
        if (course?.documents[0])
          insiders.push({ course, client: await joinAttacked(holder, course.documents[0]) });
      /** Leased to the honest person in every document of the attack. */
      const taken = 900_000_001;
      const pathOf = (document: PlanDocument, client: number, also: readonly number[], epoch?: string) => {
        const url = world.url(document, { client, also: [...also], ...(epoch ? { epoch } : {}) });
        return url.slice(url.indexOf("/collab/"));
      };
      const lease = async (document: PlanDocument) => {
        const headers = { Origin: origin, Cookie: holder.cookie };
        const end = await sendOverOneLine({
          ...{ port: server.port, headers, frames: [] },
          path: pathOf(document, taken, []),
        });
        expect(end.status).toBe(101);
      };
      for (const { documents } of courses) for (const document of documents) await lease(document);

      let frames = 0;
      let lines = 0;
      let readUpdates = 0;
      let halfway = 0;
      const waits: number[] = [];
      const took = (course: Course, outcome: Outcome) => {
        frames++;
        course.sent++;
        if (course.kind.isRead) readUpdates++;
        course.outcomes.set(outcome, (course.outcomes.get(outcome) ?? 0) + 1);
      };
      const attack = async (attacker: Person, lane: number) => {
        while (frames < wanted) {
          const line = lines++;
          const course = lasts[line % lasts.length] as Course;
          const { kind } = course;
          const turn = course.sent;
          let document = course.documents.at(-1) as PlanDocument;
          if (kind.wantsFreshClient && turn > 0 && turn % framesInADocument === 0) {
            document = await newDocument();
            course.documents.push(document);
            await lease(document);
          }
          // What is refused leaves no trace, so the next one may say the same under the same id.
          const client = kind.wantsFreshClient ? 10_000_000 + line : 1_000 + lane;
          const second = 5_000 + lane;
          const of = {
            ...{ random, client, second, taken, free: 700_000_000 + line, turn },
            author: authors.get(document) ?? 0,
            elsewhere: { update: Y.encodeStateAsUpdate(elsewhere), client: elsewhere.clientID },
          };
          const before = Array.from(
            { length: framesBefore },
            (_, i) => firsts[(line + i) % firsts.length] as Course,
          );
          const end = await sendOverOneLine({
            port: server.port,
            path: pathOf(document, client, kind.wantsFreshClient ? [] : [second], kind.epoch),
            headers: { Origin: origin, Cookie: attacker.cookie },
            frames: [
              ...before.map(({ kind: first, sent }) => first.frame({ ...of, turn: sent })),
              kind.frame(of),
            ],
          });
          if (end.status !== 101) {
            took(course, end.status);
            continue;
          }
          // They did not end the line: the last frame was reached, or it would have no code of its own.
          for (const first of before) took(first, "ignored");
          // 1000 answers our own farewell: nothing before it was objected to.
          took(course, end.code === 1000 ? "ignored" : (end.code ?? 0));
          if (line % 50 === 0) {
            const from = performance.now();
            witness.type("w");
            await witness.allAcked();
            waits.push(performance.now() - from);
          }
          if (halfway === 0 && frames >= wanted / 2) {
            halfway = 1;
            halfway = (await server.holds()).bytes;
          }
        }
      };
      await Promise.all([...attackers, ...attackers].map(attack));

      // Nobody honest has noticed anything.
      expect(witness.closed).toBeNull();
      for (const { client } of insiders) {
        client.doc.getXmlFragment("default").push([new Y.XmlElement("paragraph")]);
        await client.allAcked();
        expect(client.closed).toBeNull();
      }
      const atTheEnd = await server.holds();
      expect(atTheEnd.connections).toBe(1 + insiders.length);
      expect(atTheEnd.troubles).toEqual([]);
      const grown = Math.round((atTheEnd.bytes - halfway) / 1_048_576);

      const disk = new Sqlite(world.database.path, { readonly: true });
      const rowsOf = ({ number }: PlanDocument) =>
        (
          disk.prepare("select bytes from log where document = ? order by seq").all(number) as {
            bytes: Buffer;
          }[]
        ).map(({ bytes }) => bytes);
      // What everybody else makes of it: all of it applies, nothing waits, and replicas are equal.
      const replayed = new Map<PlanDocument, Y.Doc>();
      // Repairs of the followers are the server's, and one row each is of who was honest inside.
      const byAttackers = disk
        .prepare(
          `select count(*) from log join log_source on log_source.id = log.source
           where log.document = ? and actor_kind = 'user' and user_id <> ?`,
        )
        .pluck();
      for (const { kind, documents, outcomes } of courses) {
        let rows = 0;
        for (const document of documents) {
          const doc = new Y.Doc();
          for (const bytes of rowsOf(document)) Y.applyUpdate(doc, bytes);
          expect([kind.name, doc.store.pendingStructs, doc.store.pendingDs]).toEqual([kind.name, null, null]);
          replayed.set(document, doc);
          rows += byAttackers.get(document.number, holder.userId) as number;
        }
        const stayed = outcomes.get("ignored") ?? 0;
        outcomes.delete("ignored");
        if (rows > 0) outcomes.set("stored", rows);
        if (rows !== stayed) outcomes.set("ignored", stayed - rows);
      }
      for (const { client, course } of insiders) {
        const [document] = course.documents as [PlanDocument];
        const rows = rowsOf(document).length;
        client.sendBytes(Uint8Array.of(0, 0, 1, 0));
        await client.until(() => client.have >= rows, "everything");
        const doc = replayed.get(document) as Y.Doc;
        expect(JSON.stringify(readDocument(client.doc))).toBe(JSON.stringify(readDocument(doc)));
      }
      waits.sort((a, b) => a - b);
      const table = courses.map(({ kind, sent, outcomes }) => {
        const became = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(", ");
        return `${kind.name} ${sent} (${became})`;
      });
      const stored = courses.reduce((sum, { outcomes }) => sum + (outcomes.get("stored") ?? 0), 0);
      told(
        "B12",
        frames,
        runSeed,
        `${lines} lines, 0 exits, ${readUpdates} read as updates, ${stored} stored, ${grown} MB more in the second half, the witness waited ${Math.round(waits[Math.floor(waits.length * 0.99)] ?? 0)} ms (p99); ${table.join("; ")}`,
      );
      for (const { kind, sent, outcomes } of courses) {
        const others = [...outcomes.keys()].filter((outcome) => !kind.may.includes(outcome));
        expect([kind.name, ...others]).toEqual([kind.name]);
        expect(sent, kind.name).toBeGreaterThan(wanted / courses.length / (framesBefore + 2));
      }
      expect(frames).toBeGreaterThanOrEqual(100_000);
      // The test is worth something only if much of it gets past the first checks.
      expect(readUpdates).toBeGreaterThan(frames / 10);
      expect(grown).toBeLessThan(32);
      disk.close();
      for (const { client } of insiders) client.leave();
      witness.leave();
      expect(await server.stop()).toEqual([0, null]);

      await followersBear(
        courses.map(({ kind, documents }) => ({ kind, documents })),
        replayed,
      );
    },
    longRun,
  );

  /** Everything that reads documents reads these: followers, search, versions, restore, files, a new room. */
  async function followersBear(
    stored: readonly { kind: FrameClass; documents: readonly PlanDocument[] }[],
    replayed: ReadonlyMap<PlanDocument, Y.Doc>,
  ): Promise<void> {
    const troubles: unknown[] = [];
    const histories = await openHistories({
      path: world.database.path,
      log: world.log,
      now: Date.now,
      newId: randomUUID,
      appendServerEdit: (edit) => world.collab.appendServerEdit(edit),
      onCheckpoint: (documentId) => world.collab.checkpointMade(documentId),
      onDamage: (damage) => troubles.push(damage),
      onAside: (aside) => troubles.push(aside),
      onTrouble: (message) => troubles.push(message),
    });
    const renderer = openRenderer();
    const reader = await world.person();
    const by = { userId: reader.userId as UserId, side: "provider" as const };
    let asked = 0;
    const answered = <T>(
      what: string,
      result: { ok: true; value: T } | { ok: false; refusal: { code: string } },
    ): T => {
      asked++;
      if (!result.ok) throw new Error(`${what}: ${result.refusal.code}`);
      return result.value;
    };
    try {
      await histories.caughtUp();
      const found = await findDocuments(world.database.db, reader.userId as UserId, seed.split(" "), {
        ...{ partnershipId: null, limit: 10_000 },
      });
      const hits = new Set<string>(found.map(({ documentId }) => documentId));
      for (const { kind, documents } of stored)
        for (const document of documents) {
          const { name } = kind;
          const documentId = document.id as DocumentId;
          const before = JSON.stringify(readDocument(replayed.get(document) as Y.Doc).json);
          // Where a deletion or a key took the first words away, there is nothing to find.
          expect([name, hits.has(document.id)]).toEqual([name, before.includes(seed)]);
          await histories.left(document.id);
          answered(name, await histories.drawPresent(documentId));
          const present = answered(name, await histories.packPresent(documentId));
          for (const format of exportFormats)
            answered(
              name,
              await renderer.render({
                ...{
                  format,
                  bytes: present.bytes,
                  images: new Map(),
                  imageBase: "http://two-way.test/images/",
                },
                from: provenance,
              }),
            );
          const cut = { documentId, kind: "named" as const, name: "After the storm", note: null, by };
          const version = answered(name, await histories.cut(cut));
          answered(name, await histories.packVersion(documentId, version.versionId));
          answered(name, await histories.drawVersion(documentId, version.versionId));
          // A room made anew, from the checkpoint, whose outline is read like that of any other.
          (await world.join(reader, document, { isPlan: true })).destroy();
        }
      expect(troubles).toEqual([]);
      console.log(
        `[B12] ${asked} questions about ${replayed.size} documents answered, 0 set aside, 0 troubles`,
      );
    } finally {
      await renderer.close();
      await histories.close();
    }
  }
});
