/**
 * Every route, asked as everybody, about one's own object, another partnership's and
 * none: against the built server as a process of its own, over HTTP. The routes come
 * from `routes.ts`, the answers from `route-table.ts`; neither is sampled.
 */
import { createHash } from "node:crypto";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type FormOfRoute,
  objectsOfMatrix,
  type RoleOfMatrix,
  type RouteRow,
  rolesOfMatrix,
  routeTable,
  type Verdict,
} from "./route-table.ts";
import {
  type Asked,
  allRoutes,
  partnershipCanary as canary,
  filled,
  inParallel,
  openRouteScene,
  pathFor,
  type Route,
  type RouteScene,
} from "./testing/route-scene.ts";

let scene: RouteScene;
let ask: RouteScene["ask"];
let facts: RouteScene["facts"];
let reader: Sqlite.Database;

beforeAll(async () => {
  scene = await openRouteScene();
  ({ ask, facts } = scene);
  reader = new Sqlite(scene.databasePath, { readonly: true });
});
afterAll(async () => {
  reader.close();
  await scene.close();
});

const isParametrised = (route: Route) => route.path.includes(":");

/** Does the form bring an id of its own, beside those of the address? */
const namesIds = (form: FormOfRoute) => Object.values(form.fields).some((value) => /\{\w+\}/.test(value));

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
        const rows = reader.prepare(`select * from "${name}"`).all() as Record<string, unknown>[];
        // Noted by itself every five minutes, which a slow machine may take for these tests.
        for (const row of rows) delete row["last_seen_at"];
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
  const mayOwn = role !== "otherLeader" && role !== "left" && role !== "suspended" && scene.cookies.has(role);
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
  }, 1_800_000);

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
  }, 1_800_000);

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
  }, 1_800_000);

  it("[B18] does what is asked where a yes changes something, for one of those who may", async () => {
    const surprises: string[] = [];
    const idle: string[] = [];
    let count = 0;
    const own = facts.get("own");
    if (!own) throw new Error("no scene");
    // One after the other: what one does, the next undoes or goes on from.
    for (const route of allRoutes)
      for (const form of routeTable[route.id]?.forms ?? []) {
        if (form.yes !== null) continue;
        const role = form.doneBy ?? rolesOfMatrix.findLast((each) => form.rule(each, "own") === "yes");
        if (role === undefined) {
          idle.push(route.id);
          continue;
        }
        const before = digest();
        const answer = await ask(role, pathFor(route, own), { method: "POST", fields: filled(form, own) });
        const after = digest();
        count += 1;
        const name = `${answer.what} ${JSON.stringify(form.fields)}`;
        const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
        if (answer.status !== form.done) surprises.push(`${name}: ${answer.status}, not ${form.done}`);
        if (changed.length === 0) surprises.push(`${name}: changes nothing`);
      }
    console.log(`${count} forms done by somebody who may; ${surprises.length} surprises`);
    expect(surprises).toEqual([]);
    // Nobody may look around as a member of an instance that is no demonstration.
    expect(idle).toEqual(["routes/look-around"]);
  }, 1_800_000);
});
