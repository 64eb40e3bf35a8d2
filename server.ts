/**
 * The whole product in one process on one port: pages, live editing, and the log
 * behind them. This file only puts the parts together, in the order they need each
 * other, and takes them down in the opposite order when asked to stop (promise B6).
 */
import "./app/web/require-node.ts";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { collabPath } from "./app/document/wire.ts";
import { roleNames } from "./app/domain/access.ts";
import { sideMarks } from "./app/domain/sides.ts";
import { listDemonstrationPeople } from "./app/operations/look-around.ts";
import type { Services } from "./app/operations/services.ts";
import { sweepExpired } from "./app/operations/sweep-expired.ts";
import { decideDemo } from "./app/web/demo-decision.ts";
import { createDrain, type DrainStep } from "./app/web/drain.ts";
import { describeFaults, readEnvironment } from "./app/web/env.ts";
import { createHttpApp } from "./app/web/http-app.ts";
import { errorFields, logLine } from "./app/web/log-line.ts";
import { loadPages } from "./app/web/pages.ts";
import { createPulse } from "./app/web/pulse.ts";
import { securityMiddleware } from "./app/web/security.ts";
import { openHistories } from "./collab-server/follow-log/histories.ts";
import { httpOptions } from "./collab-server/http-options.ts";
import { createCollabServer } from "./collab-server/main.ts";
import { type Claim, claimDatabase } from "./db/claim-database.ts";
import { databaseFault, makeFolder } from "./db/data-place.ts";
import { openRenderer } from "./db/exports/renderer.ts";
import { openImages } from "./db/files/images.ts";
import { createOutboxMail } from "./db/mail/outbox-mail.ts";
import { createSmtpMail } from "./db/mail/smtp-mail.ts";
import { openAdminSocket } from "./db/maintenance/admin-socket.ts";
import { filesFolder } from "./db/maintenance/backup-database.ts";
import { forgetUnfinishedRestore } from "./db/maintenance/swap-database.ts";
import { whyNotUsable } from "./db/maintenance/usable-database.ts";
import { migrate } from "./db/migrate.ts";
import { openDatabaseInWorker } from "./db/open-in-worker.ts";
import { createPasswords } from "./db/passwords.ts";
import { storeDemoDecision, storedDemoDecision } from "./db/queries/instance-settings.ts";
import { loadDemo } from "./db/seed/load-demo.ts";
import { refuseCorruptingSqlite } from "./db/sqlite-version.ts";
import { openUpdateLog } from "./db/update-log/sqlite-update-log.ts";

/** What has run out is removed at this pace (ms). */
const sweepEveryMs = 60 * 60_000;

/** A thread of the database that needs longer for nothing at all is busy or hangs (ms). */
const answerWithinMs = 2_000;

/** A supervisor commonly kills after 10 s; we have left on our own by then. */
const drainDeadlineMs = 9_000;

// Whoever read our output has gone (a closed terminal, a full log disk). People still
// type: serving them goes on, and saying so would only fail again.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const isDevelopment = process.argv.includes("--dev");
const read = readEnvironment(process.env);
if (!read.ok) stopWith(describeFaults(read.faults));
const environment = read.environment;

// Whatever is kept (database, outbox, pictures) is closed to other users of the machine.
process.umask(0o077);
const folderFault =
  makeFolder("DATA_DIR", environment.dataFolder) ??
  makeFolder("DATABASE_URL", dirname(environment.databasePath));
if (folderFault !== null) stopWith(folderFault);
const unusable = existsSync(environment.databasePath)
  ? whyNotUsable(environment.databasePath, { isOlderFine: true })
  : null;
if (unusable !== null) stopWith(unusable);

// Listening comes first: the port is then known (it may be any free one), and whoever
// asks while the rest starts hears "starting" instead of a refused connection.
let handler: RequestListener = (_request, response) => {
  response.writeHead(503, { "Retry-After": "1", "Content-Type": "text/plain" }).end("starting\n");
};
const server = createServer(httpOptions(), (request, response) => handler(request, response));
server.listen(environment.port, environment.host);
await once(server, "listening").catch((error: NodeJS.ErrnoException) =>
  stopWith(
    error.code === "EADDRINUSE"
      ? `Port ${environment.port} is taken. Stop what runs there, or choose another: PORT=3001 npm start`
      : `Two-Way cannot listen on ${environment.host}:${environment.port} (${error.code}).`,
  ),
);
const { port } = server.address() as AddressInfo;
const address = environment.publicUrl ?? `http://localhost:${port}`;
const origins = environment.publicUrl
  ? [environment.publicUrl]
  : [`http://localhost:${port}`, `http://127.0.0.1:${port}`];

const claim = claimed();
forgetUnfinishedRestore(environment.databasePath);
const db = openDatabaseInWorker(environment.databasePath);
const stored = await openStored().catch(stopForDatabase);
const decision = decideDemo(environment, stored);
if (!decision.ok) stopWith(decision.sentence);
await storeDemoDecision(db, decision.isDemo);

const now = Date.now;
const mail = environment.smtpUrl
  ? createSmtpMail({
      url: environment.smtpUrl,
      from: `Two-Way <no-reply@${new URL(address).hostname}>`,
      onFailure: (error: unknown) => logLine("warn", "mail-not-sent", errorFields(error)),
    })
  : createOutboxMail({ folder: join(environment.dataFolder, "outbox"), now });
const log = await openUpdateLog({ path: environment.databasePath, now });
const adminSocket = await openAdminSocket({
  dataFolder: environment.dataFolder,
  backup: (path) => log.backup(path),
}).catch((error: Error) => stopWith(`${error.message}. Stop it first, or name another DATA_DIR.`));
// The two need each other: histories store a restore through live editing, and live
// editing asks for checkpoints.
const collab = createCollabServer({
  db,
  log,
  now,
  config: { origins },
  report: logLine,
  onCheckpointDue: (documentId) => histories.left(documentId),
});
const histories = await openHistories({
  path: environment.databasePath,
  log,
  now,
  newId: randomUUID,
  appendServerEdit: (edit) => collab.appendServerEdit(edit),
  onCheckpoint: (documentId) => collab.checkpointMade(documentId),
  onRestored: (documentId, by, version) => collab.restored(documentId, by, version),
  onDamage: (damage) => logLine("error", "history-damaged", { ...damage }),
  onAside: ({ document, part, fault }) =>
    fault === null
      ? logLine("info", "document-followed-again", { document, part })
      : logLine("error", "document-set-aside", { document, part, fault }),
  onTrouble: (message) => logLine("warn", "histories-in-trouble", { message }),
});
const exports = openRenderer();
const images = openImages({ folder: filesFolder(environment.dataFolder) });
const services: Services = {
  db,
  now,
  newId: randomUUID,
  newToken: () => randomBytes(32).toString("base64url"),
  passwords: createPasswords(),
  mail,
  live: collab.live,
  histories,
  images,
  exports,
  instance: { publicUrl: address, isDemo: decision.isDemo, keepsMails: environment.smtpUrl === null },
};

if (decision.isDemo) {
  if (decision.isNew) console.log("Loading the demonstration data (once) …");
  await loadDemo({ db, log, histories, now });
}

const drain = createDrain({
  steps,
  deadlineMs: drainDeadlineMs,
  log: logLine,
  after,
});
const pulse = createPulse({
  threads: [
    { name: "the database", ask: () => sql`select 1`.execute(db) },
    { name: "the log", ask: () => log.ping() },
  ],
  withinMs: answerWithinMs,
  after,
});
const pages = await loadPages(isDevelopment, server);
handler = createHttpApp({
  ...pages,
  services,
  security: securityMiddleware({ origins }),
  trustedProxies: environment.trustedProxies,
  notReady: async () => (drain.isDraining ? "draining" : pulse()),
  collabStatus: (request) => collab.status(request),
  log: logLine,
});
server.on("upgrade", (request, socket, head) => {
  // Vite's own socket, while developing, is answered by Vite.
  if (request.url?.startsWith(collabPath) || !isDevelopment) collab.handleUpgrade(request, socket, head);
});
// Before it says that it is ready: whoever reads that may ask it to stop at once.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => leave(signal, 0));
process.on("uncaughtException", (error) => {
  logLine("error", "uncaught", errorFields(error));
  void leave("uncaught", 1);
});
console.log(`Two-Way is ready at ${address}`);
setInterval(() => {
  sweepExpired(services).catch((error: unknown) => logLine("warn", "not-swept", errorFields(error)));
}, sweepEveryMs).unref();
if (await hasNobody()) {
  console.log(
    'Nobody can sign in yet. Name an administrator: npm run admin -- name@college.ac.uk "Full name"',
  );
}
const people = await listDemonstrationPeople(services);
if (people.length > 0) {
  console.log("This is a demonstration. On the first page you can look around as:");
  for (const { name, role, side, organisation } of people)
    console.log(`  ${sideMarks[side]} ${name}, ${roleNames[role].toLowerCase()}, ${organisation}`);
}

/** Rings once after so many milliseconds; gives back how to stop it. */
function after(milliseconds: number, ring: () => void): () => void {
  const timer = setTimeout(ring, milliseconds);
  return () => clearTimeout(timer);
}

function steps(): readonly DrainStep[] {
  return [
    { name: "pages", run: async () => pages.close() },
    { name: "live editing", run: () => collab.drain() },
    {
      name: "http",
      run: async () => {
        server.close();
        server.closeAllConnections();
        await collab.close();
      },
    },
    { name: "pictures", run: () => images.close() },
    { name: "files", run: () => exports.close() },
    { name: "admin socket", run: () => adminSocket.close() },
    { name: "histories", run: () => histories.close() },
    { name: "log", run: () => log.close() },
    { name: "database", run: () => db.destroy() },
    { name: "claim", run: async () => claim.close() },
  ];
}

/** The database made ready; whether it holds a demonstration, or null for a new one. */
async function openStored(): Promise<boolean | null> {
  await refuseCorruptingSqlite(db);
  await migrate(db);
  return storedDemoDecision(db);
}

async function hasNobody(): Promise<boolean> {
  const person = await db
    .selectFrom("user")
    .select("id")
    .where("kind", "=", "person")
    .where("status", "=", "active")
    .limit(1)
    .executeTakeFirst();
  return person === undefined;
}

async function leave(why: string, exitCode: number): Promise<never> {
  const end = await drain.start(why);
  // A thread inside one long statement hears nothing until it ends, and `exit` waits for it:
  // longer than any supervisor does. What was acknowledged is on disk, so nothing is lost.
  if (end === "cut-short") process.kill(process.pid, "SIGKILL");
  process.exit(exitCode);
}

/** The database for this process alone. */
function claimed(): Claim {
  try {
    return (
      claimDatabase(environment.databasePath) ??
      stopWith(
        `Another server has the database ${environment.databasePath} open. Stop it first, or name another place with DATA_DIR or DATABASE_URL.`,
      )
    );
  } catch (error) {
    return stopForDatabase(error);
  }
}

function stopForDatabase(error: unknown): never {
  const sentence = databaseFault(error, environment.databasePath);
  if (sentence === null) throw error;
  return stopWith(sentence);
}

function stopWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
