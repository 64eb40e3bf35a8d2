/**
 * The real process, as an operator meets it: it starts with the built pages on a data
 * folder, says when it is ready, and leaves in good order while people type.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { schemaNumber } from "./app/document/schema-version.ts";
import { RawClient } from "./collab-server/testing/raw-client.ts";
import { migrate } from "./db/migrate.ts";
import { openDatabase } from "./db/open.ts";
import { insertPlanDocument, insertPlanWorld, type PlanDocument } from "./db/testing/plan-fixture.ts";
import { insertSignedInEditors } from "./db/testing/signed-in-editors.ts";
import { type RunningApp, startApp } from "./e2e/running-app.ts";

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "two-way-server-"));
  cleanUp.push(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(folder: string, environment: Record<string, string> = {}): Promise<RunningApp> {
  const app = await startApp({ dataFolder: folder, environment: { DEMO: "no", ...environment } });
  cleanUp.push(async () => void (await app.stop()));
  return app;
}

/** Documents and one signed-in editor, put into a data folder before any server runs. */
async function furnish(folder: string, documentCount: number) {
  const db = openDatabase(join(folder, "two-way.db"));
  await migrate(db);
  const plan = await insertPlanWorld(db);
  const documents: PlanDocument[] = [];
  for (let i = 0; i < documentCount; i += 1) documents.push(await insertPlanDocument(db, plan, "Plan. "));
  // Three editors: one person may hold 20 connections at most.
  const cookies = await insertSignedInEditors(db, plan, 3);
  await db.destroy();
  return { documents, cookies };
}

describe("starting", () => {
  it("lists every wrong setting at once and starts nothing", async () => {
    const starting = startApp({
      environment: { PORT: "eighty", DATABASE_URL: "postgres://db/plans", TRUST_PROXY: "all" },
    });
    const failure = await starting.then(
      () => "started",
      (error: Error) => error.message,
    );
    expect(failure).toContain("ended with 1");
    expect(failure).toContain("3 settings are wrong");
    for (const variable of ["PORT", "DATABASE_URL", "TRUST_PROXY"])
      expect(failure).toContain(`  ${variable} `);
  });

  it("says in one sentence that the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    cleanUp.push(async () => void other.close());
    const { port } = other.address() as { port: number };
    const failure = await startApp({ environment: { PORT: String(port) } }).catch(
      (error: Error) => error.message,
    );
    expect(failure).toContain(`Port ${port} is taken`);
  });

  it("says in one sentence what is wrong with the place where things are kept", async () => {
    const folder = dataFolder();
    const file = join(folder, "a-file");
    writeFileSync(file, "not a database, and long enough to be looked at as one. ".repeat(40));
    const newer = join(folder, "newer.db");
    new Sqlite(newer)
      .exec("create table kysely_migration (name text); insert into kysely_migration values ('9999-later')")
      .close();
    const foreign = join(folder, "foreign.db");
    new Sqlite(foreign).exec("create table notes (text)").close();
    const places: readonly (readonly [Record<string, string>, string])[] = [
      [{ DATA_DIR: file }, `DATA_DIR names ${file}, which is not a folder.`],
      [{ DATA_DIR: join(file, "in-it") }, "which lies in something that is not a folder."],
      [{ DATA_DIR: "/proc/two-way" }, "DATA_DIR names /proc/two-way, which cannot be made or used (ENOENT)."],
      [{ DATABASE_URL: `file:${join(file, "x.db")}` }, `DATABASE_URL names ${file}, which is not a folder.`],
      [{ DATABASE_URL: `file:${file}` }, `The database ${file} is not a SQLite database. Move it away`],
      [{ DATABASE_URL: `file:${folder}` }, `${folder} is not a file.`],
      [{ DATABASE_URL: `file:${newer}` }, `The database ${newer} was used by a newer release.`],
      [{ DATABASE_URL: `file:${foreign}` }, `The database ${foreign} holds nothing of Two-Way.`],
    ];
    for (const [environment, sentence] of places) {
      const failure = await startApp({ dataFolder: folder, environment }).catch(
        (error: Error) => error.message,
      );
      expect(failure).toContain("ended with 1");
      expect(failure).toContain(sentence);
      expect(failure).not.toMatch(/^\s+at /m);
    }
    expect(readFileSync(file, "utf8")).toMatch(/^not a database/);
  }, 120_000);

  it("lets no second server at a database, by whatever folder it comes", async () => {
    const folder = dataFolder();
    const app = await start(folder);
    const shared = `file:${join(folder, "two-way.db")}`;
    for (const other of [folder, dataFolder()]) {
      const failure = await startApp({ dataFolder: other, environment: { DATABASE_URL: shared } }).catch(
        (error: Error) => error.message,
      );
      expect(failure).toContain("ended with 1");
      expect(failure).toContain(`Another server has the database ${join(folder, "two-way.db")} open.`);
    }
    // However the first one ends, the next may begin.
    app.process.kill("SIGKILL");
    await app.stop();
    await start(folder);
  });

  it("closes the data folder's files to other users, and is ready", async () => {
    const folder = dataFolder();
    const app = await start(folder);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    expect(statSync(join(folder, "two-way.db")).mode & 0o077).toBe(0);
    expect(await app.stop()).toBe(0);
  });

  it("refuses to make a demonstration of a database that is none", async () => {
    const folder = dataFolder();
    await (await start(folder)).stop();
    const failure = await startApp({ dataFolder: folder, environment: { DEMO: "yes" } }).catch(
      (error: Error) => error.message,
    );
    expect(failure).toContain("started without demonstration data");
  });
});

describe("serving", () => {
  it("[B6] is not ready while the thread of the database is busy, says so within seconds, and is again afterwards", async () => {
    const folder = dataFolder();
    const app = await start(folder);
    const ready = async () => {
      const answer = await fetch(`${app.url}/readyz`);
      return [answer.status, await answer.text()];
    };
    expect(await ready()).toEqual([200, "ready\n"]);
    const holder = new Sqlite(join(folder, "two-way.db"));
    holder.exec("begin immediate");
    // Each waits for the lock on the one thread of the pages, one behind the other.
    const tries = Array.from({ length: 4 }, () =>
      fetch(`${app.url}/sign-in`, {
        method: "POST",
        headers: { Origin: app.url },
        body: new URLSearchParams({ email: "nobody@example.org", password: "guess" }),
      }),
    );
    await until(async () => (await ready())[0] === 503);
    const askedAt = performance.now();
    expect(await ready()).toEqual([503, "no answer from the database\n"]);
    console.log(`[B6] a late thread was named after ${(performance.now() - askedAt).toFixed(0)} ms`);
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    holder.exec("rollback");
    holder.close();
    await Promise.all(tries);
    await until(async () => (await ready())[0] === 200);
    expect(await app.stop()).toBe(0);
  }, 120_000);
});

describe("stopping", () => {
  it("[B6] goes on serving when whoever read its output has gone, and still leaves in order", async () => {
    const app = await start(dataFolder());
    app.process.stdout?.destroy();
    app.process.stderr?.destroy();
    for (let i = 0; i < 20; i += 1) expect((await fetch(`${app.url}/help`)).status).toBe(200);
    expect(await app.stop()).toBe(0);
  });

  it("[B6] ends at the deadline though the database is inside a statement that does not", async () => {
    const folder = dataFolder();
    const app = await start(folder);
    const holder = new Sqlite(join(folder, "two-way.db"));
    holder.exec("begin immediate");
    // Each waits for the lock on the one thread of the pages, for longer than the deadline together.
    const tries = Array.from({ length: 10 }, () =>
      fetch(`${app.url}/sign-in`, {
        method: "POST",
        headers: { Origin: app.url },
        body: new URLSearchParams({ email: "nobody@example.org", password: "guess" }),
      }).then(
        ({ status }) => status,
        () => "cut off",
      ),
    );
    // The first has been given up; its page is drawn with what is asked behind the others.
    await until(async () => (await fetch(`${app.url}/healthz`)).ok && app.output().includes('"not-stored"'));
    const askedAt = performance.now();
    await app.stop();
    const endedAfter = performance.now() - askedAt;
    expect(app.output()).toContain("drain-cut-short");
    // By itself, while the statement still waited: the lock was never given up.
    expect(app.process.signalCode).toBe("SIGKILL");
    expect(holder.inTransaction).toBe(true);
    holder.exec("rollback");
    holder.close();
    expect(await Promise.all(tries)).toContain("cut off");
    console.log(`[B6] ended ${endedAfter.toFixed(0)} ms after SIGTERM with the database locked`);
    expect(await (await start(folder)).stop()).toBe(0);
  }, 120_000);

  it("[B6][D11] SIGTERM while 50 people type in 20 documents: exit 0, and nothing is lost", async () => {
    const folder = dataFolder();
    const { documents, cookies } = await furnish(folder, 20);
    const first = await start(folder);
    let { url } = first;
    const clients = Array.from({ length: 50 }, (_, i) => {
      const document = documents[i % documents.length]!;
      const client: RawClient = new RawClient({
        url: (self) =>
          `${url.replace("http", "ws")}/collab/${document.id}?${new URLSearchParams({
            schema: String(schemaNumber),
            epoch: document.epoch,
            client: String(self.doc.clientID),
            have: String(self.have),
          })}`,
        get headers() {
          return { Origin: url, Cookie: cookies[i % cookies.length]! };
        },
      });
      return { client, document, typed: [] as string[], closedAt: 0 };
    });
    for (const { client } of clients) client.connect();
    await Promise.all(clients.map(({ client }) => client.synced()));

    const type = (round: number) =>
      clients.forEach((one, i) => {
        const word = `[${i}.${round}]`;
        one.typed.push(word);
        one.client.type(word);
      });
    for (let round = 0; round < 5; round += 1) type(round);
    await Promise.all(clients.map(({ client }) => client.allAcked()));
    // The last round is on its way when the signal comes: acknowledged or not, it must not be lost.
    type(5);
    const askedAt = performance.now();
    const gone = clients.map(async (one) => {
      const { code } = await one.client.gone();
      one.closedAt = performance.now();
      return code;
    });
    const exit = first.stop();
    await until(async () => (await fetch(`${first.url}/readyz`).catch(() => null))?.status !== 200);
    const notReadyAfter = performance.now() - askedAt;
    const codes = new Set(await Promise.all(gone));
    expect(await exit).toBe(0);
    const exitAfter = performance.now() - askedAt;
    const closedAt = clients.map(({ closedAt }) => closedAt);
    console.log(
      `not ready after ${notReadyAfter.toFixed(0)} ms, closed with ${[...codes]} over ${(Math.max(...closedAt) - Math.min(...closedAt)).toFixed(0)} ms, exit 0 after ${exitAfter.toFixed(0)} ms`,
    );
    expect([...codes].every((code) => code === 1012 || code === 1001)).toBe(true);
    expect(first.output()).not.toContain("drain-cut-short");
    const unacked = clients.reduce((sum, { client }) => sum + client.sentFrames - client.ackedFrames, 0);

    const second = await start(folder);
    url = second.url;
    for (const { client } of clients) client.connect();
    await Promise.all(clients.map(({ client }) => client.synced()));
    await Promise.all(clients.map(({ client }) => client.allAcked()));
    const missing = () =>
      clients.flatMap(({ document }) => {
        const same = clients.filter((other) => other.document === document);
        const words = same.flatMap(({ typed }) => typed);
        return same.flatMap(({ client }) => words.filter((word) => !client.text.includes(word)));
      });
    await Promise.all(
      clients.map(({ client }) => client.until(() => missing().length === 0, "all text at everybody")),
    );
    console.log(
      `${clients.length * 6} words, ${unacked} frames unacknowledged at the end, ${missing().length} missing afterwards`,
    );
    for (const { client } of clients) client.leave();
    expect(await second.stop()).toBe(0);
  }, 120_000);
});

/** Asks again until it is so; each question is a round trip, so nothing spins. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}
