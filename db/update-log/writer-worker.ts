/**
 * The writer's thread: takes batches and questions from the thread that serves people
 * and answers them. While another connection holds the database's lock, a batch is
 * tried again every few milliseconds and questions are answered in between.
 */
import { parentPort, workerData } from "node:worker_threads";
import { backupPages } from "./backup-pages.ts";
import { LogReader } from "./log-reader.ts";
import type { Answers, Batch, FromWriter, Question, ToWriter } from "./messages.ts";
import { Writer } from "./writer.ts";

/** How long a batch waits for somebody else's lock before it is answered `storage`, ms. */
const lockWaitMs = 5_000;

if (parentPort === null) throw new Error("writer-worker.ts runs as a worker thread");
const port = parentPort;
const { path } = workerData as { readonly path: string };

const writer = new Writer(path);
const reader = new LogReader(writer.sqlite, writer.heads, (id) => writer.source(id));
const say = (message: FromWriter, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

function commit(batch: Batch, triedUntil: number, pauseMs: number): void {
  const answer = writer.commit(batch);
  if (answer !== "busy") {
    const transfer = answer.kind === "committed" ? [answer.hashes.buffer as ArrayBuffer] : [];
    say({ kind: "batch", answer }, transfer);
  } else if (performance.now() >= triedUntil) {
    say({ kind: "batch", answer: { kind: "storage", message: "SQLITE_BUSY: the database is locked" } });
  } else {
    setTimeout(() => commit(batch, triedUntil, Math.min(pauseMs * 2, 16)), pauseMs);
  }
}

async function answer(question: Question): Promise<Answers[keyof Answers]> {
  switch (question.kind) {
    case "load":
      return reader.load(question.documentId);
    case "checkpoint":
      return reader.newerCheckpoint(question.document, question.afterSeq);
    case "rows":
      return reader.rows(question.document, question.fromSeq, question.toSeq);
    case "durable":
      return reader.durable(question.document, question.fromSeq);
    case "backup":
      return backupPages(writer.sqlite, question.path, { pace: true });
    case "ping":
      return null;
  }
}

port.on("message", (message: ToWriter) => {
  switch (message.kind) {
    case "batch":
      commit(message.batch, performance.now() + lockWaitMs, 1);
      break;
    case "ask":
      answer(message.question).then(
        (value) => say({ kind: "answer", id: message.id, value }),
        (error: unknown) =>
          say({
            kind: "failed",
            id: message.id,
            message: error instanceof Error ? error.message : String(error),
          }),
      );
      break;
    case "close":
      writer.close();
      say({ kind: "closed" });
      port.close();
      break;
  }
});

say({ kind: "opened", heads: writer.heads.pairs() });
