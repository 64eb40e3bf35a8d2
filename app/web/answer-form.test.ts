/**
 * The forms of the pages, sent for somebody whose session has ended and while the disk
 * says no: real actions of real routes, on a real database.
 */
import Sqlite from "better-sqlite3";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readProfile } from "../operations/edit-profile.ts";
import { insertSessionFor, openPeopleScene, type PersonOfScene } from "../operations/testing/people-scene.ts";
import { action as account } from "../routes/account.tsx";
import { action as partnershipNew } from "../routes/partnership-new.tsx";
import { action as people } from "../routes/partnership-people.tsx";
import { action as profile } from "../routes/partnership-profile.tsx";
import { action as programmeNew } from "../routes/programme-new.tsx";
import { action as versions } from "../routes/versions.tsx";

type Action = (args: Parameters<typeof programmeNew>[0]) => Promise<unknown>;
type Answer = {
  readonly data: { readonly refusal: { code: string; field?: string }; readonly [more: string]: unknown };
  readonly init: { readonly status: number };
};

let scene: Awaited<ReturnType<typeof openPeopleScene>>;
beforeEach(async () => {
  scene = await openPeopleScene();
});
afterEach(() => scene.database.close());

const cookieOf = async (who: PersonOfScene) =>
  (await insertSessionFor(scene.db, scene.users[who], scene.clock.now)).cookie;

async function send(
  action: Action,
  cookie: string,
  fields: readonly (readonly [string, string])[],
  headers: Record<string, string> = { "Sec-Fetch-Dest": "empty" },
): Promise<Answer> {
  const request = new Request("http://localhost/form", {
    method: "POST",
    headers: { ...headers, Cookie: cookie },
    body: new URLSearchParams(fields.map(([name, text]) => [name, text])),
  });
  const context = { services: scene.services, nonce: "", requestId: "request" };
  const args = { request, context, params: { slug: scene.own.slug, id: "none" } };
  return (await action(args as unknown as Parameters<Action>[0])) as Answer;
}

const forms: readonly (readonly [string, Action, readonly (readonly [string, string])[]])[] = [
  [
    "programme",
    programmeNew,
    [
      ["title", "Exchange"],
      ["summary", "A long text"],
    ],
  ],
  [
    "partnership",
    partnershipNew,
    [
      ["title", "Agribusiness"],
      ["aim", "A long text"],
      ["organisation", "A"],
      ["organisation", "B"],
    ],
  ],
  [
    "profile",
    profile,
    [
      ["title", "Own"],
      ["aim", "A long text"],
    ],
  ],
  [
    "people",
    people,
    [
      ["intent", "invite"],
      ["email", "somebody@example.org"],
    ],
  ],
  [
    "account",
    account,
    [
      ["intent", "person"],
      ["name", "Ann"],
    ],
  ],
  [
    "versions",
    versions,
    [
      ["name", "After exchange 3"],
      ["note", "A long text"],
    ],
  ],
];

describe("a form sent after the session ended", () => {
  it.each(forms)(
    "answers on the page that was typed into, with what was typed: %s",
    async (_name, action, fields) => {
      const { data, init } = await send(action, "", fields);
      expect([data.refusal.code, init.status]).toEqual(["session-ended", 401]);
    },
  );

  it("without a script, carries every field along for the page that is drawn instead, but no password", async () => {
    const fields = [
      ["title", "Own"],
      ["aim", "A\r\nlong text"],
      ["organisation", "A"],
      ["organisation", "B"],
      ["current", "secret"],
      ["password", "secret"],
    ] as const;
    for (const headers of [{}, { "Sec-Fetch-Dest": "document" }])
      await expect(send(profile, "", fields, headers as Record<string, string>)).rejects.toMatchObject({
        data: { refusal: { code: "session-ended" }, sent: fields.slice(0, 4) },
        init: { status: 401 },
      });
  });

  it("never sends a password back to a page", async () => {
    const fields = [
      ["intent", "password"],
      ["current", "secret-1"],
      ["next", "secret-2"],
      ["repeated", "secret-2"],
    ] as const;
    expect(JSON.stringify(await send(account, "", fields))).not.toContain("secret");
    expect(JSON.stringify(await send(account, await cookieOf("leaderA"), fields))).not.toContain("secret");
  });
});

describe("a form sent while nothing can be stored", () => {
  /** Ways in which the disk says no, each on a file of its own; they return how it says yes again. */
  const faults = {
    async full() {
      const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(scene.db);
      await sql.raw(`pragma max_page_count = ${rows[0]?.page_count}`).execute(scene.db);
      return () => sql`pragma max_page_count = 1000000`.execute(scene.db);
    },
    async locked() {
      await sql`pragma busy_timeout = 0`.execute(scene.db);
      const other = new Sqlite(scene.database.path);
      other.exec("begin immediate");
      return () => other.close();
    },
    async "read-only"() {
      await sql`pragma query_only = on`.execute(scene.db);
      return () => sql`pragma query_only = off`.execute(scene.db);
    },
  };
  const long = "A text worth keeping. ".repeat(150);

  it.each(Object.entries(faults))(
    "[D13] is refused in a sentence with what was typed, and taken when sent again: %s",
    async (_name, begin) => {
      const cookie = await cookieOf("leaderA");
      const fields = [
        ["title", "Own"],
        ["aim", long],
        ["state", "active"],
        ["background", long],
        ["sustainability", long],
        ["intended_impact", long],
      ] as const;
      const page = await readProfile(scene.services, scene.asker("leaderA"), scene.own.slug);
      const seen = Object.entries(page.ok ? page.value.seen : {}).map(
        ([name, text]) => [`seen-${name}`, text] as const,
      );
      const end = await begin();
      const { data, init } = await send(profile, cookie, [...fields, ...seen]);
      expect([data.refusal.code, init.status]).toEqual(["not-saved", 503]);
      expect(data["typed"]).toMatchObject(Object.fromEntries(fields.map(([name, text]) => [name, text])));
      await end();
      expect(await send(profile, cookie, [...fields, ...seen])).toMatchObject({ status: 302 });
    },
  );

  it("does not take a bug for a fault of the disk", async () => {
    const cookie = await cookieOf("leaderA");
    await sql`alter table partnership rename column aim to aims`.execute(scene.db);
    await expect(send(profile, cookie, [["title", "Own"]])).rejects.toMatchObject({ code: "SQLITE_ERROR" });
  });
});
