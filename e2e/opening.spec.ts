/**
 * Opening never writes (promise D6): every document of the demonstration is opened in each
 * role that may read it, clicked into, walked through and left, and the log stays byte for
 * byte what it was.
 */
import { join } from "node:path";
import { type Browser, expect, test } from "@playwright/test";
import Sqlite from "better-sqlite3";
import { told, trials } from "../collab-server/testing/count.ts";
import { save, text } from "./document-page.ts";
import { enter } from "./enter.ts";
import { people } from "./fixtures.ts";
import { type RunningApp, startApp } from "./running-app.ts";

function read<T>(app: RunningApp, question: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(join(app.dataFolder, "two-way.db"), { readonly: true });
  try {
    return question(database);
  } finally {
    database.close();
  }
}

/** Rows of the log and the hash of the last one of each document, which covers all before it. */
const logOf = (app: RunningApp) =>
  read(app, (database) =>
    database
      .prepare(
        "select document, count(*) as count, max(seq) as seq, hex(hash) as hash from log group by document",
      )
      .all(),
  );

/** Addresses of the documents that a person of the demonstration with this seat has. */
const documentsOf = (app: RunningApp, role: string, side: string) =>
  read(app, (database) =>
    database
      .prepare(
        `select distinct '/documents/' || document.id from document
         join membership on membership.partnership_id = document.partnership_id
         join user on user.id = membership.user_id
         where user.is_demo = 1 and membership.role = ? and membership.side = ?`,
      )
      .pluck()
      .all(role, side),
  ) as string[];

const seats = [
  ["providerLeader", "leader", "provider"],
  ["employerLeader", "leader", "employer"],
  ["facilitator", "facilitator", "intermediary"],
  ["reader", "commenter", "intermediary"],
] as const;

test("[D6] opening, walking through and leaving every document in every role appends nothing to the log", async ({
  browser,
}) => {
  test.setTimeout(900_000);
  // Of its own: what other tests made of the demonstration is no matter of this one.
  const app = await startApp();
  try {
    await openAll(browser, app);
  } finally {
    await app.remove();
  }
});

async function openAll(browser: Browser, app: RunningApp): Promise<void> {
  const before = logOf(app);
  const rounds = trials(10, 1);
  const openEach = async ([person, role, side]: (typeof seats)[number]): Promise<number> => {
    const page = await enter(browser, app.url, people[person]);
    const addresses = documentsOf(app, role, side).slice(0, trials(100, 8));
    for (let round = 0; round < rounds; round++)
      for (const address of addresses) {
        await page.goto(address);
        if (person !== "reader") await expect(save(page)).toHaveText(/^Saved/);
        const words = text(page);
        await words.locator("p").first().click();
        await page.keyboard.press("Control+End");
        await page.keyboard.press("Shift+ArrowUp");
        await words.evaluate((element) => (element as HTMLElement).blur());
      }
    await page.goto("/help");
    return rounds * addresses.length;
  };
  const counts = await Promise.all(seats.map(openEach));
  const opened = counts.reduce((sum, count) => sum + count, 0);
  expect(opened).toBeGreaterThanOrEqual(30);
  expect(logOf(app)).toEqual(before);
  told("D6", opened, "none", `${before.length} documents, 0 rows appended`);
}
