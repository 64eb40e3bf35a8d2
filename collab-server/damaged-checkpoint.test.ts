/** A checkpoint damaged on disk, under people who open its document (rule CS46 of PROTOCOL.md). */
import { EventEmitter } from "node:events";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import type * as Y from "yjs";
import { readDocument } from "../app/document/read-fragment.ts";
import { checkpointsOf } from "../db/update-log/stored-checkpoints.ts";
import { openHistories, type RunningHistories } from "./follow-log/histories.ts";
import { paragraph } from "./follow-log/testing/random-plan.ts";
import { type CollabWorld, openCollabWorld, type Person } from "./testing/collab-world.ts";
import { until } from "./testing/until.ts";

let world: CollabWorld;
let histories: RunningHistories;
let made: EventEmitter;
let checkpointsMade: number;
afterEach(async () => {
  await histories.close();
  await world.close();
});

async function openWorldWithHistories(): Promise<void> {
  made = new EventEmitter();
  checkpointsMade = 0;
  world = await openCollabWorld({ onCheckpointDue: (documentId) => histories.left(documentId) });
  histories = await openHistories({
    path: world.database.path,
    log: world.log,
    now: Date.now,
    newId: () => crypto.randomUUID(),
    appendServerEdit: (edit) => world.collab.appendServerEdit(edit),
    onCheckpoint: (documentId) => {
      world.collab.checkpointMade(documentId);
      checkpointsMade++;
      made.emit("change");
    },
  });
}

type Document = Parameters<CollabWorld["rows"]>[0];

async function join(who: Person, document: Document) {
  const client = world.client(who, document);
  // The client's own reading takes the root for plain text; here it is a plan.
  Object.defineProperty(client, "text", { value: "" });
  client.connect();
  await client.synced();
  return client;
}
const textOf = (doc: Y.Doc) => JSON.stringify(readDocument(doc).json);

/** Seqs of the checkpoints that stand, newest first, and whether each is what was written. */
function standing(document: Document): readonly (readonly [number, boolean])[] {
  const sqlite = new Sqlite(world.database.path);
  const found = [...checkpointsOf(sqlite, document.number)];
  sqlite.close();
  return found.map(({ seq, proved }) => [seq, proved !== null]);
}

describe("a damaged checkpoint", () => {
  it.each([
    ["the newest", "where seq > 1"],
    ["every one", ""],
  ])(
    "[D26][CS46] %s: people open the document with every acknowledged word, it is told, and a new one is made",
    async (_which, where) => {
      await openWorldWithHistories();
      const document = await world.document("");
      const ann = await world.person();
      const one = await join(ann, document);
      const words = Array.from({ length: 30 }, (_, i) => `‹${i}›`);
      for (const word of words) {
        one.doc.getXmlFragment("default").push([paragraph(word)]);
        await one.allAcked();
      }
      const before = textOf(one.doc);
      one.leave();
      await until(made, () => checkpointsMade === 1, "a checkpoint");
      await world.restart();
      // What the closed room still asked of the log is answered before this is.
      await world.realLog.newerCheckpoint(document.number, 0);
      const sqlite = new Sqlite(world.database.path);
      sqlite.exec(`update checkpoint set state = zeroblob(length(state) + 1) ${where}`);
      sqlite.close();
      const damaged = standing(document).filter(([, isProved]) => !isProved);
      expect(damaged).toHaveLength(where === "" ? 2 : 1);

      const two = await join(await world.person({ side: "employer" }), document);
      expect(textOf(two.doc)).toBe(before);
      for (const word of words) expect(before.split(word)).toHaveLength(2);
      await until(made, () => checkpointsMade === 2, "a new checkpoint");
      expect(standing(document).every(([, isProved]) => isProved)).toBe(true);
      expect(world.reports.filter(({ event }) => event === "checkpoint-damaged")).toEqual(
        damaged.map(([seq]) => ({
          level: "error",
          event: "checkpoint-damaged",
          fields: { documentId: document.id, seq },
        })),
      );
      two.doc.getXmlFragment("default").push([paragraph("And one more.")]);
      await two.allAcked();
      const three = await join(ann, document);
      expect(textOf(three.doc)).toBe(textOf(two.doc));
      two.destroy();
      three.destroy();
    },
  );
});
