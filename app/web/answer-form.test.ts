/**
 * The forms of the pages, sent for somebody whose session has ended and while the disk
 * says no: real actions of real routes, on a real database.
 */
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openImages } from "../../db/files/images.ts";
import { insertInvitation } from "../../db/queries/invitations.ts";
import { hashSecret } from "../../db/queries/sessions.ts";
import { readProfile } from "../operations/edit-profile.ts";
import { openDocumentsScene } from "../operations/testing/documents-scene.ts";
import {
  insertSessionFor,
  newToken,
  openPeopleScene,
  type PersonOfScene,
} from "../operations/testing/people-scene.ts";
import { action as account } from "../routes/account.tsx";
import { action as images } from "../routes/document-images.ts";
import { action as forgot } from "../routes/forgot.tsx";
import { action as invitation } from "../routes/invitation.tsx";
import { action as lookAround } from "../routes/look-around.tsx";
import { action as partnershipNew } from "../routes/partnership-new.tsx";
import { action as people } from "../routes/partnership-people.tsx";
import { action as profile } from "../routes/partnership-profile.tsx";
import { action as programmeNew } from "../routes/programme-new.tsx";
import { action as reset } from "../routes/reset.tsx";
import { action as signIn } from "../routes/sign-in.tsx";
import { action as versions } from "../routes/versions.tsx";
import { onePixel } from "./testing/route-scene.ts";

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

  /** The doors: nobody is signed in yet, and a link must not be used up. */
  async function doors() {
    const invited = newToken();
    await insertInvitation(scene.db, {
      ...{ id: randomUUID(), token: invited, partnershipId: scene.own.id, side: "provider", role: "editor" },
      ...{ organisationId: scene.own.organisations.provider, email: "ann@college.example" },
      ...{ invitedBy: scene.users.leaderA, at: scene.clock.now, expiresAt: scene.clock.now + 1e9 },
    });
    const lost = newToken();
    await scene.db
      .insertInto("password_reset")
      .values({
        ...{ token_hash: hashSecret(lost), user_id: scene.users.editor, used_at: null },
        ...{ created_at: scene.clock.now, expires_at: scene.clock.now + 1e9 },
      })
      .execute();
    const secret = "lanterns over water";
    return [
      ["sign-in", signIn, { email: "leadera@example.org", password: "four plain words", shared: "yes" }, 302],
      [
        "invitation",
        invitation,
        {
          intent: "join",
          token: invited,
          name: "Ann Baker",
          jobTitle: "Baker",
          password: secret,
          shared: "yes",
        },
        302,
      ],
      ["reset", reset, { token: lost, password: secret, repeated: secret, shared: "yes" }, 302],
      ["forgot", forgot, { email: "leadera@example.org" }, undefined],
      ["look-around", lookAround, { person: scene.users.leaderA }, 302],
    ] as const;
  }

  /** A few bytes find room in a page of a full file: what writes little is asked under the others. */
  const faultsOfAll = Object.entries(faults).filter(([name]) => name !== "full");

  it.each(faultsOfAll)(
    "[D13] [S10] at a door is a sentence too, uses no link up, keeps what is no secret, and is taken later: %s",
    async (_name, begin) => {
      scene.services.instance.isDemo = true;
      await scene.db.updateTable("user").set({ is_demo: 1 }).where("id", "=", scene.users.leaderA).execute();
      const all = await doors();
      const people = () => scene.db.selectFrom("user").select(["email", "password_hash"]).execute();
      const before = await people();
      const end = await begin();
      for (const [name, action, fields] of all) {
        const { data, init } = await send(action, "", Object.entries(fields)).catch(
          (thrown: Answer) => thrown,
        );
        expect([name, data.refusal.code, init.status]).toEqual([name, "not-stored", 503]);
        expect(JSON.stringify(data)).not.toContain("lanterns");
        expect(JSON.stringify(data)).not.toContain("plain words");
        if (name === "sign-in") expect(data).toMatchObject({ email: fields.email, isSharedComputer: true });
        else if (name === "invitation") {
          const { password: _secret, ...typed } = fields;
          expect(data).toMatchObject({ typed, offer: { partnership: "Own" } });
        } else if (name === "reset") expect(data["typed"]).toEqual({ token: fields.token, shared: "yes" });
        else if (name === "forgot") expect(data["typed"]).toEqual(fields);
      }
      expect(await people()).toEqual(before);
      await end();
      for (const [name, action, fields, status] of all) {
        const answer = await send(action, "", Object.entries(fields));
        expect([name, (answer as unknown as Response).status]).toEqual([name, status]);
      }
    },
  );

  it("[D13] a session that cannot be begun leaves the link as it was, and the password", async () => {
    const all = await doors();
    // Only sessions are refused: what comes before them in the same transaction goes with them.
    await sql`create trigger no_session before insert on session
      begin select raise(abort, 'full'); end`.execute(scene.db);
    const passwords = () => scene.db.selectFrom("user").select(["email", "password_hash"]).execute();
    const before = await passwords();
    for (const [name, action, fields] of all)
      if (name === "invitation" || name === "reset")
        await expect(send(action, "", Object.entries(fields)), name).rejects.toThrow("full");
    expect(await passwords()).toEqual(before);
    await sql`drop trigger no_session`.execute(scene.db);
    for (const [name, action, fields, status] of all)
      if (name === "invitation" || name === "reset")
        expect(await send(action, "", Object.entries(fields)), name).toMatchObject({ status });
  });

  it.each(faultsOfAll)(
    "[D13] refuses a picture in a sentence, keeps no file of it, and takes it later: %s",
    async (_name, begin) => {
      await scene.database.close();
      const documents = await openDocumentsScene();
      scene = documents;
      const folder = join(scene.database.folder, "files");
      const store = openImages({ folder });
      const id = await documents.make("Site rules");
      const cookie = await cookieOf("leaderA");
      const sendPicture = async () => {
        const body = new FormData();
        body.set("file", new Blob([onePixel], { type: "image/png" }), "p.png");
        const request = new Request("http://localhost/x", {
          method: "POST",
          headers: { Cookie: cookie },
          body,
        });
        const services = { ...documents.services, images: store };
        const args = { request, context: { services, nonce: "", requestId: "request" }, params: { id } };
        const answer = await images(args as unknown as Parameters<typeof images>[0]);
        return [answer.status, ((await answer.json()) as { refusal?: { code: string } }).refusal?.code];
      };
      const files = () =>
        readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const end = await begin();
      expect(await sendPicture()).toEqual([503, "not-saved"]);
      expect(files()).toEqual([]);
      await end();
      expect(await sendPicture()).toEqual([201, undefined]);
      expect(files()).toHaveLength(1);
      await store.close();
    },
  );

  it("does not take a bug for a fault of the disk", async () => {
    const cookie = await cookieOf("leaderA");
    await sql`alter table partnership rename column aim to aims`.execute(scene.db);
    await expect(send(profile, cookie, [["title", "Own"]])).rejects.toMatchObject({ code: "SQLITE_ERROR" });
  });
});
