/**
 * The histories' own thread: followers and version reading, with a SQLite connection of
 * its own. No document of Yjs lives on the loop that serves people, so a 400-page plan
 * costs nobody a keystroke. Messages are taken one at a time, in order.
 */

import { randomInt, randomUUID } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { firstText, firstTextOfCopy } from "../../app/document/first-text.ts";
import { ok, type Result } from "../../app/domain/result.ts";
import { drawText } from "../../app/export/drawn-text.ts";
import { packText } from "../../db/exports/packed-text.ts";
import { setPragmas } from "../../db/pragmas.ts";
import { FollowLog } from "./follow-log.ts";
import { HistoriesInWorker } from "./histories-in-worker.ts";
import type { CallName, Calls, FromWorker, ToWorker, WorkerOptions } from "./messages.ts";
import { assertOneYjs } from "./one-yjs.ts";
import { assertYjsKeepsHistory } from "./yjs-history.ts";

/** New rows are read this long after the first hint: many keystrokes, one reading. */
const readAfterMs = 1_000;
/**
 * And not before ten times as long as the last reading took, so that followers take a tenth
 * of a processor at most: with very many busy documents the price lies in taking each of
 * them up, and a later reading takes each up once for more rows. Whoever asks for a history
 * is answered at once all the same.
 */
const restTimes = 10;
const restMsMax = 10_000;
/** After a commit failed (disk full, database locked) it is tried again this much later. */
const retryAfterMs = 5_000;
const dayMs = 24 * 60 * 60 * 1000;

assertOneYjs();
assertYjsKeepsHistory();
const port = parentPort;
if (port === null) throw new Error("This file runs as a worker only");
const say = (message: FromWorker) => port.postMessage(message);

const { path, workingOn, leftAside } = workerData as WorkerOptions;
/** Outlives this thread: out of memory it ends without a word. */
const note = new Int32Array(workingOn);
const sqlite = new Sqlite(path);
setPragmas(sqlite);
const follow = new FollowLog({
  sqlite,
  newId: randomUUID,
  onDamage: (damage) => say({ kind: "damage", damage }),
  onAside: (aside) => say({ kind: "aside", aside }),
  onCheckpoint: (documentId) => say({ kind: "checkpoint", documentId }),
  onRepair: (repair) => say({ kind: "repair", ...repair }),
  beforeWork: (_part, document) => Atomics.store(note, 0, document),
});
for (const document of leftAside) follow.leaveAside(document, "the worker ended over it");
const histories = new HistoriesInWorker(follow, () => randomInt(1, 2 ** 32 - 1));

let timer: NodeJS.Timeout | null = null;
let restUntil = 0;
let thinnedAt = 0;

const calls: { [Name in CallName]: (...args: Parameters<Calls[Name]>) => ReturnType<Calls[Name]> } = {
  headSeq: (documentId, upTo) => histories.headSeq(documentId, upTo),
  cut: (order) => histories.cut(order),
  planRestore: (...order) => histories.planRestore(...order),
  keptApart: (documentId, plan) => histories.keptApart(documentId, plan),
  firstText,
  firstTextOfCopy: (documentId, clientId) =>
    mapped(histories.readPresent(documentId), ({ json }) => firstTextOfCopy(json, clientId)),
  packVersion: (documentId, versionId) =>
    mapped(histories.readVersion(documentId, versionId), ({ json, ...rest }) => ({
      ...packText(json),
      ...rest,
    })),
  packPresent: (documentId) =>
    mapped(histories.readPresent(documentId), ({ json, ...rest }) => ({ ...packText(json), ...rest })),
  drawVersion: (documentId, versionId) =>
    mapped(histories.readVersion(documentId, versionId), ({ json }) => drawText(json)),
  drawPresent: (documentId) => mapped(histories.readPresent(documentId), ({ json }) => drawText(json)),
  caughtUp: () => {
    follow.read();
    follow.flush({ all: true, now: Date.now() });
    return null;
  },
  left: (documentId) => {
    follow.read();
    follow.left(documentId);
    follow.flush({ all: false, now: Date.now() });
    return null;
  },
  startAgain: (name) => {
    follow.startAgain(name);
    follow.read();
    follow.flush({ all: true, now: Date.now() });
    return null;
  },
  thin: (now) => follow.thin(now),
};

/** The tree itself stays here: what is made of it is smaller, and nobody who serves people walks it. */
function mapped<Read, Made>(read: Result<Read>, make: (value: Read) => Made): Result<Made> {
  return read.ok ? ok(make(read.value)) : read;
}

function followOn(all: boolean): void {
  timer = null;
  const from = performance.now();
  try {
    follow.read();
    follow.flush({ all, now: Date.now() });
    if (follow.hasUnwritten) followLater(retryAfterMs);
  } catch (error) {
    // Nothing is lost: cursors stay where they were, and the rows are read again.
    say({ kind: "trouble", message: messageOf(error) });
    followLater(retryAfterMs);
  }
  Atomics.store(note, 0, 0);
  const to = performance.now();
  restUntil = to + Math.min(restMsMax, restTimes * (to - from));
}

function followLater(afterMs: number): void {
  timer ??= setTimeout(() => followOn(false), Math.max(afterMs, restUntil - performance.now()));
}

port.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "ask":
      try {
        const value = (calls[message.name] as (...args: readonly unknown[]) => unknown)(...message.args);
        say({ kind: "answer", id: message.id, value });
      } catch (error) {
        say({ kind: "failed", id: message.id, message: messageOf(error) });
      }
      Atomics.store(note, 0, 0);
      if (follow.hasUnwritten) followLater(readAfterMs);
      break;
    case "appended":
      followLater(readAfterMs);
      break;
    case "tick":
      try {
        follow.quiet(message.now);
        if (message.now - thinnedAt >= dayMs) {
          follow.thin(message.now);
          thinnedAt = message.now;
        }
      } catch (error) {
        say({ kind: "trouble", message: messageOf(error) });
      }
      Atomics.store(note, 0, 0);
      followLater(0);
      break;
    case "crash":
      throw new Error("A crash was asked for");
    case "close":
      if (timer) clearTimeout(timer);
      followOn(true);
      if (timer) clearTimeout(timer);
      sqlite.close();
      port.close();
      break;
  }
});
say({ kind: "ready" });

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
