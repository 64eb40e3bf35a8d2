/**
 * Every route, asked as everybody, about one's own object, another partnership's and
 * none: against the built server as a process of its own, over HTTP. The routes come
 * from `routes.ts`, the answers from `route-table.ts`; neither is sampled.
 */
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../db/open.ts";
import { insertInvitation } from "../../db/queries/invitations.ts";
import type { Schema } from "../../db/schema.ts";
import { type RunningApp, startApp } from "../../e2e/running-app.ts";
import { insertPeople, insertSessionFor, newToken } from "../operations/testing/people-scene.ts";
import routes from "../routes.ts";
import {
  type FormOfRoute,
  type ObjectOfMatrix,
  objectsOfMatrix,
  type RoleOfMatrix,
  type RouteRow,
  rolesOfMatrix,
  routeTable,
  type Verdict,
} from "./route-table.ts";

type Entry = {
  readonly id?: string;
  readonly file: string;
  readonly path?: string;
  readonly index?: boolean;
  readonly children?: readonly Entry[];
};
type Route = { readonly id: string; readonly path: string; readonly isResource: boolean };

/** Ids as Remix makes them: the file without its ending, unless one is given. */
function flatten(entries: readonly Entry[], above = ""): readonly Route[] {
  return entries.flatMap((entry) => {
    const path = entry.path === undefined ? above : `${above}/${entry.path}`;
    const id = entry.id ?? entry.file.replace(/\.tsx?$/, "");
    // Files without a component answer with data of their own kind.
    const isResource = !entry.file.endsWith(".tsx");
    return [{ id, path: path || "/", isResource }, ...flatten(entry.children ?? [], path)];
  });
}
const allRoutes: readonly Route[] = [
  { id: "root", path: "/help", isResource: false },
  ...flatten(routes as readonly Entry[]),
];

type Facts = Readonly<
  Record<
    | "slug"
    | "programme"
    | "document"
    | "version"
    | "user"
    | "member"
    | "organisation"
    | "invitation"
    | "session"
    | "image",
    string
  >
>;
const canary = { own: "Kestrelbridge", other: "Quillmarsh" } as const;

let app: RunningApp;
let db: Kysely<Schema>;
let reader: Sqlite.Database;
const cookies = new Map<RoleOfMatrix, string>();
const facts = new Map<ObjectOfMatrix, Facts>();

beforeAll(async () => {
  app = await startApp({ environment: { DEMO: "no" } });
  const path = join(app.dataFolder, "two-way.db");
  db = openDatabase(path);
  reader = new Sqlite(path, { readonly: true });
  const now = Date.now();
  const scene = await insertPeople(db, now, canary.other, canary.own);
  for (const role of rolesOfMatrix) {
    if (role === "anonymous" || role === "invitee") continue;
    cookies.set(role, (await insertSessionFor(db, scene.users[role], now)).cookie);
  }
  for (const object of ["own", "other"] as const) {
    const partnership = scene[object];
    const leader = object === "own" ? scene.users.leaderA : scene.users.otherLeader;
    const role = object === "own" ? "leaderA" : "otherLeader";
    const document = await makeDocument(role, partnership.slug, `${canary[object]} plan`);
    const invitation = randomUUID();
    await insertInvitation(db, {
      ...{
        id: invitation,
        token: newToken(),
        partnershipId: partnership.id,
        side: "provider",
        role: "editor",
      },
      ...{ organisationId: partnership.organisations.provider, email: `invitee-${object}@example.org` },
      ...{ invitedBy: leader, at: now, expiresAt: now + 1e9 },
    });
    const session = await insertSessionFor(db, leader, now);
    facts.set(object, {
      slug: partnership.slug,
      programme: `${partnership.slug}-programme`,
      document,
      version: await nameVersion(role, document),
      image: await sendPicture(role, document),
      user: object === "own" ? scene.users.editor : scene.users.otherLeader,
      member: scene.membershipOf(object === "own" ? "editor" : "otherLeader"),
      organisation: partnership.organisations.provider,
      ...{ invitation, session: session.sessionId },
    });
  }
  const none = () => randomUUID();
  facts.set("missing", {
    ...{ slug: "no-street", programme: "no-programme", document: none(), version: none(), user: none() },
    ...{ member: none(), organisation: none(), invitation: none(), session: none(), image: none() },
  });
});
afterAll(async () => {
  reader.close();
  await db.destroy();
  await app.remove();
});

/** Made as a person makes it. */
async function makeDocument(role: RoleOfMatrix, slug: string, title: string): Promise<string> {
  const fields = { intent: "create", kind: "page", title };
  const made = await ask(role, `/partnerships/${slug}/pages`, { method: "POST", fields });
  const id = /^\/documents\/([0-9a-f-]{36})$/.exec(made.headers.get("location") ?? "")?.[1];
  if (id === undefined) throw new Error(`${made.what}: ${made.status}`);
  return id;
}

async function nameVersion(role: RoleOfMatrix, documentId: string): Promise<string> {
  const fields = { name: "After exchange 1", note: "" };
  const named = await ask(role, `/documents/${documentId}/versions`, { method: "POST", fields });
  const row = await db
    .selectFrom("version")
    .select("id")
    .where("document_id", "=", documentId)
    .where("kind", "=", "named")
    .executeTakeFirst();
  if (row === undefined) throw new Error(`${named.what}: ${named.status}`);
  return row.id;
}

const onePixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async function sendPicture(role: RoleOfMatrix, documentId: string): Promise<string> {
  const body = new FormData();
  body.set("file", new Blob([Buffer.from(onePixel, "base64")], { type: "image/png" }), "p.png");
  const sent = await fetch(`${app.url}/documents/${documentId}/images`, {
    method: "POST",
    headers: { Origin: app.url, Cookie: cookies.get(role) ?? "" },
    body,
  });
  const row = await db
    .selectFrom("image")
    .select("id")
    .where("document_id", "=", documentId)
    .executeTakeFirst();
  if (row === undefined) throw new Error(`picture: ${sent.status} ${await sent.text()}`);
  return row.id;
}

function pathFor(route: Route, of: Facts, ids: Facts = of): string {
  const slug = route.path.startsWith("/programmes") ? of.programme : of.slug;
  return route.path
    .replace("/images/:id", `/images/${ids.image}`)
    .replace(":slug", slug)
    .replace(":versionId", ids.version)
    .replace(":id", of.document)
    .replace("*", "no/such/page");
}

const isParametrised = (route: Route) => route.path.includes(":");

/** Does the form bring an id of its own, beside those of the address? */
const namesIds = (form: FormOfRoute) => Object.values(form.fields).some((value) => /\{\w+\}/.test(value));

type Asked = {
  readonly what: string;
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
};

async function ask(
  role: RoleOfMatrix,
  path: string,
  options: { method?: string; fields?: Readonly<Record<string, string>> } = {},
): Promise<Asked> {
  const { method = "GET", fields } = options;
  const headers: Record<string, string> = { Origin: app.url };
  const cookie = cookies.get(role);
  if (cookie) headers["Cookie"] = cookie;
  const response = await fetch(`${app.url}${path}`, {
    method,
    headers,
    redirect: "manual",
    body: fields ? new URLSearchParams(fields) : undefined,
  });
  const body = await response.text();
  return { what: `${role} ${method} ${path}`, status: response.status, body, headers: response.headers };
}

/** Runs so many at once; the order of results is that of the tasks. */
async function inParallel<T>(tasks: readonly (() => Promise<T>)[], atOnce = 8): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const index = next++;
      const task = tasks[index];
      if (task) results[index] = await task();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

/** Everything that people could have changed, as one hash a table. Counters and visits are not. */
function digest(): Readonly<Record<string, string>> {
  const derived = ["follower", "set_aside", "checkpoint", "archive", "document_text"];
  const skipped = new Set(["rate_limit", "visit", ...derived]);
  const tables = reader
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'document_search%'",
    )
    .all() as { name: string }[];
  return Object.fromEntries(
    tables
      .filter(({ name }) => !skipped.has(name))
      // Names come from the schema itself.
      .map(({ name }) => {
        const rows = reader.prepare(`select * from "${name}"`).all();
        return [name, createHash("sha256").update(JSON.stringify(rows)).digest("hex")];
      }),
  );
}

const yesStatus = ({ yes = 200 }: RouteRow, role: RoleOfMatrix) =>
  typeof yes === "function" ? yes(role) : yes;
const pageStatus: Readonly<Record<Exclude<Verdict, "yes">, number>> = {
  "signed-out": 302,
  "not-allowed": 403,
  "not-found": 404,
};
const formStatus = { ...pageStatus, "signed-out": 401 } as const;

/** Whose words may stand in this answer? Nobody but members and administrators reads a partnership's. */
function leak({ body, what }: Asked, role: RoleOfMatrix): string[] {
  const strange: string[] = [];
  const mayOther = role === "otherLeader" || role === "admin";
  const mayOwn = role !== "otherLeader" && role !== "left" && role !== "suspended" && cookies.has(role);
  if (!mayOther && body.includes(canary.other)) strange.push(`${what}: shows the other partnership's words`);
  // People who left see their own name, which carries no word of the partnership.
  if (!mayOwn && body.includes(canary.own)) strange.push(`${what}: shows the partnership's words`);
  return strange;
}

describe("every route as everybody", () => {
  it("[B18] has a row for each route of routes.ts, and no row too many", () => {
    const missing = allRoutes
      .filter(({ id }) => !(id in routeTable))
      .map(({ id, path }) => `${id} (${path})`);
    expect(missing, "add these to app/web/route-table.ts").toEqual([]);
    const ids = new Set(allRoutes.map(({ id }) => id));
    expect(Object.keys(routeTable).filter((id) => !ids.has(id))).toEqual([]);
  });

  it("[B18] [S1] [S2] answers each page, and its data alone, by the table, and leaks no word of others", async () => {
    const surprises: string[] = [];
    let count = 0;
    const before = digest();
    const tasks = allRoutes.flatMap((route) =>
      rolesOfMatrix.flatMap((role) =>
        (isParametrised(route) ? objectsOfMatrix : (["own"] as const)).map((object) => async () => {
          const row = routeTable[route.id];
          const of = facts.get(object);
          if (!row || !of) return;
          const path = pathFor(route, of);
          const verdict = row.page(role, object);
          const expected = verdict === "yes" ? yesStatus(row, role) : pageStatus[verdict];
          const dataPath = path === "/" ? "/_root.data" : `${path}.data`;
          const asked: (Asked & { readonly expected: number })[] = [
            { ...(await ask(role, path)), expected },
            { ...(await ask(role, path, { method: "HEAD" })), expected },
          ];
          if (!route.isResource && route.id !== "routes/not-found") {
            // Redirects travel as data there; refusals keep their status.
            const asData = expected === 302 ? 202 : expected;
            asked.push({ ...(await ask(role, dataPath)), expected: asData });
            asked.push({ ...(await ask(role, `${dataPath}?_routes=${route.id}`)), expected: asData });
          }
          for (const answer of asked) {
            count += 1;
            if (answer.status !== answer.expected)
              surprises.push(`${answer.what} (${object}): ${answer.status}, not ${answer.expected}`);
            surprises.push(...leak(answer, role));
            if (!(answer.headers.get("cache-control") ?? "").includes("no-store"))
              surprises.push(`${answer.what}: may be stored`);
          }
        }),
      ),
    );
    await inParallel(tasks);
    console.log(
      `${count} pages asked for: ${allRoutes.length} routes, ${rolesOfMatrix.length} roles; ${surprises.length} surprises`,
    );
    expect(surprises).toEqual([]);
    expect(count).toBeGreaterThan(allRoutes.length * rolesOfMatrix.length * 2);
    expect(digest()).toEqual(before);
  }, 300_000);

  const filled = (form: FormOfRoute, ids: Facts) =>
    Object.fromEntries(
      Object.entries(form.fields).map(([name, value]) => [
        name,
        value.replace(/\{(\w+)\}/g, (_, key: string) => ids[key as keyof Facts]),
      ]),
    );

  it("[B18] [S1] refuses each form, by each method, to those who may not, and changes nothing", async () => {
    const surprises: string[] = [];
    let count = 0;
    const before = digest();
    const tasks: (() => Promise<void>)[] = [];
    for (const route of allRoutes)
      for (const form of routeTable[route.id]?.forms ?? [])
        for (const role of rolesOfMatrix)
          for (const object of objectsOfMatrix)
            for (const method of ["POST", "PUT", "PATCH", "DELETE"])
              for (const isData of [false, true]) {
                // The method changes nothing for an action: the others are asked once an object.
                if (method !== "POST" && (isData || object !== "own")) continue;
                const hasIds = isParametrised(route) || namesIds(form);
                if (!hasIds && object !== "own") continue;
                const verdict = form.rule(role, object);
                if (verdict === "yes" && (form.yes === null || method !== "POST")) continue;
                const of = facts.get(object);
                if (!of) continue;
                const path = `${pathFor(route, of)}${isData ? ".data" : ""}`;
                tasks.push(async () => {
                  const answer = await ask(role, path, { method, fields: filled(form, of) });
                  const expected = verdict === "yes" ? (form.yes ?? []) : [formStatus[verdict]];
                  count += 1;
                  const name = `${answer.what} ${JSON.stringify(form.fields)} (${object})`;
                  if (!expected.includes(answer.status))
                    surprises.push(`${name}: ${answer.status}, not ${expected.join(" or ")}`);
                  surprises.push(...leak(answer, role));
                });
              }
    await inParallel(tasks);
    console.log(`${count} forms sent; ${surprises.length} surprises`);
    expect(surprises).toEqual([]);
    expect(count).toBeGreaterThan(1_000);
    expect(digest()).toEqual(before);
  }, 300_000);

  it("[S1] finds nothing when the ids of one request come from two partnerships", async () => {
    const surprises: string[] = [];
    let count = 0;
    const before = digest();
    const tasks: (() => Promise<void>)[] = [];
    const pairs = [
      ["own", "other"],
      ["other", "own"],
      ["own", "missing"],
    ] as const;
    for (const [place, ids] of pairs) {
      const of = facts.get(place);
      const others = facts.get(ids);
      if (!of || !others) continue;
      for (const role of rolesOfMatrix) {
        // Rights in the partnership the ids come from would be rights indeed.
        const mayReachIds =
          role === "admin" ||
          (ids === "other" ? role === "otherLeader" : ids === "own" && role !== "otherLeader");
        for (const route of allRoutes.filter(({ path }) => path.includes(":versionId")))
          tasks.push(async () => {
            const answer = await ask(role, pathFor(route, of, others));
            count += 1;
            if (![302, 404, 403].includes(answer.status)) surprises.push(`${answer.what}: ${answer.status}`);
            surprises.push(...leak(answer, role));
          });
        for (const route of allRoutes.filter(isParametrised))
          for (const form of routeTable[route.id]?.forms ?? []) {
            if (mayReachIds || !namesIds(form)) continue;
            // The address names the document there; the field of the same name is not read.
            if (
              route.path.includes(":id") &&
              form.fields["documentId"] !== undefined &&
              !form.fields["parentId"]
            )
              continue;
            tasks.push(async () => {
              const answer = await ask(role, pathFor(route, of), {
                method: "POST",
                fields: filled(form, others),
              });
              count += 1;
              const name = `${answer.what} ${JSON.stringify(form.fields)} (${place}, ids ${ids})`;
              if (![401, 403, 404, 422].includes(answer.status)) surprises.push(`${name}: ${answer.status}`);
              surprises.push(...leak(answer, role));
            });
          }
      }
    }
    await inParallel(tasks);
    console.log(`${count} requests with swapped ids; ${surprises.length} surprises`);
    expect(surprises).toEqual([]);
    expect(digest()).toEqual(before);
  }, 300_000);
});
