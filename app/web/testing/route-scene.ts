/**
 * The built server with a person in every role and something to ask for in two
 * partnerships, for the tests that are generated from the route list. The routes come
 * from `routes.ts`; nothing is sampled.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { openDatabase } from "../../../db/open.ts";
import { insertInvitation } from "../../../db/queries/invitations.ts";
import type { Schema } from "../../../db/schema.ts";
import { type RunningApp, startApp } from "../../../e2e/running-app.ts";
import { insertPeople, insertSessionFor, newToken } from "../../operations/testing/people-scene.ts";
import routes from "../../routes.ts";
import { type FormOfRoute, type ObjectOfMatrix, type RoleOfMatrix, rolesOfMatrix } from "../route-table.ts";

type Entry = {
  readonly id?: string;
  readonly file: string;
  readonly path?: string;
  readonly index?: boolean;
  readonly children?: readonly Entry[];
};
export type Route = {
  readonly id: string;
  /** As in `routes.ts`, with the paths of the routes around it: `/documents/:id/versions`. */
  readonly path: string;
  /** Below `app/`. */
  readonly file: string;
  /** Answers with data of its own kind instead of a page. */
  readonly isResource: boolean;
};

/** Ids as Remix makes them: the file without its ending, unless one is given. */
function flatten(entries: readonly Entry[], above = ""): readonly Route[] {
  return entries.flatMap((entry) => {
    const path = entry.path === undefined ? above : `${above}/${entry.path}`;
    const id = entry.id ?? entry.file.replace(/\.tsx?$/, "");
    // Files without a component answer with data of their own kind.
    const isResource = !entry.file.endsWith(".tsx");
    return [{ id, path: path || "/", file: entry.file, isResource }, ...flatten(entry.children ?? [], path)];
  });
}
export const allRoutes: readonly Route[] = [
  { id: "root", path: "/help", file: "root.tsx", isResource: false },
  ...flatten(routes as readonly Entry[]),
];

export type Facts = Readonly<
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

/** Words of each partnership that nobody outside it may read. */
export const partnershipCanary = { own: "Kestrelbridge", other: "Quillmarsh" } as const;

/** The smallest picture there is. */
export const onePixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

export type Asked = {
  readonly what: string;
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
};

export type RouteScene = {
  readonly app: RunningApp;
  readonly db: Kysely<Schema>;
  readonly databasePath: string;
  /** None for people without a session. */
  readonly cookies: ReadonlyMap<RoleOfMatrix, string>;
  readonly facts: ReadonlyMap<ObjectOfMatrix, Facts>;
  ask(
    role: RoleOfMatrix,
    path: string,
    options?: { readonly method?: string; readonly fields?: Readonly<Record<string, string>> },
  ): Promise<Asked>;
  close(): Promise<void>;
};

/** The address of a route for these facts; `ids` may come from another object than the place. */
export function pathFor(route: Pick<Route, "path">, of: Facts, ids: Facts = of): string {
  const slug = route.path.startsWith("/programmes") ? of.programme : of.slug;
  return route.path
    .replace("/images/:id", `/images/${ids.image}`)
    .replace(":slug", slug)
    .replace(":versionId", ids.version)
    .replace(":id", of.document)
    .replace("*", "no/such/page");
}

/** The fields of a form with the ids of an object filled in. */
export function filled(form: FormOfRoute, ids: Facts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(form.fields).map(([name, value]) => [
      name,
      value.replace(/\{(\w+)\}/g, (_, key: string) => ids[key as keyof Facts]),
    ]),
  );
}

/** Runs so many at once; the order of results is that of the tasks. */
export async function inParallel<T>(tasks: readonly (() => Promise<T>)[], atOnce = 8): Promise<readonly T[]> {
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

/** Starts the server and furnishes both partnerships, as far as can be through its own pages. */
export async function openRouteScene(
  options: { dataFolder?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<RouteScene> {
  const app = await startApp({
    ...(options.dataFolder === undefined ? {} : { dataFolder: options.dataFolder }),
    environment: { DEMO: "no", ...options.environment },
  });
  const databasePath = join(app.dataFolder, "two-way.db");
  const db = openDatabase(databasePath);
  const cookies = new Map<RoleOfMatrix, string>();
  const facts = new Map<ObjectOfMatrix, Facts>();

  const ask: RouteScene["ask"] = async (role, path, { method = "GET", fields } = {}) => {
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
  };

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

  async function sendPicture(role: RoleOfMatrix, documentId: string): Promise<string> {
    const body = new FormData();
    body.set("file", new Blob([onePixel], { type: "image/png" }), "p.png");
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

  const now = Date.now();
  const scene = await insertPeople(db, now, partnershipCanary.other, partnershipCanary.own);
  for (const role of rolesOfMatrix) {
    if (role === "anonymous" || role === "invitee") continue;
    cookies.set(role, (await insertSessionFor(db, scene.users[role], now)).cookie);
  }
  for (const object of ["own", "other"] as const) {
    const partnership = scene[object];
    const leader = object === "own" ? scene.users.leaderA : scene.users.otherLeader;
    const role = object === "own" ? "leaderA" : "otherLeader";
    const document = await makeDocument(role, partnership.slug, `${partnershipCanary[object]} plan`);
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

  return {
    ...{ app, db, databasePath, cookies, facts, ask },
    async close() {
      await db.destroy();
      await app.remove();
    },
  };
}
