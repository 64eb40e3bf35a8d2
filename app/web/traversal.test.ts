/**
 * No text of a request reaches a path (promise S8). Every parameter of every route, the
 * built files and the live addresses are asked for with a corpus of traversal texts,
 * over a plain socket that changes nothing about them, by people who may do what they
 * ask for. Nothing may be opened that honest use does not open, and no answer may hold
 * a word of a file that nobody may be given.
 */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trials } from "../../collab-server/testing/count.ts";
import { type RoleOfMatrix, routeTable } from "./route-table.ts";
import { parametersOf } from "./testing/route-parameters.ts";
import {
  allRoutes,
  type Facts,
  filled,
  inParallel,
  onePixel,
  pathFor,
  type Route,
} from "./testing/route-scene.ts";
import {
  type Answer,
  faultsOf,
  formOf,
  kindOfPath,
  openWatchedApp,
  uploadOf,
  type WatchedApp,
} from "./testing/watched-app.ts";

const root = resolve(import.meta.dirname, "..", "..");
const clientFolder = join(root, "build", "client");

let app: WatchedApp;
let send: WatchedApp["send"];
let corpus: readonly string[];
let own: Facts;

beforeAll(async () => {
  app = await openWatchedApp();
  ({ send, corpus } = app);
  const facts = app.scene.facts.get("own");
  if (!facts) throw new Error("there is nothing to ask for");
  own = facts;
});
afterAll(() => app.close());

/** As a browser would have to spell it, and no more: dots, slashes and percent signs stay. */
const spelt = (text: string) =>
  text.replace(/[^\x21-\x7e]|[?#]/gu, (sign) =>
    [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  );
/** Whole, as one part of an address: the route gets exactly this text. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

/** Who gets furthest there: somebody of the partnership who may, else an administrator. */
function boldest(route: Route): RoleOfMatrix {
  const row = routeTable[route.id];
  const rules = [...(row?.forms ?? []).map(({ rule }) => rule), ...(row ? [row.page] : [])];
  const roles: readonly RoleOfMatrix[] = ["leaderA", "admin"];
  return roles.find((role) => rules.every((rule) => rule(role, "own") === "yes")) ?? "leaderA";
}

const filesBelow = (folder: string) => (readdirSync(folder, { recursive: true }) as string[]).sort();

type Request = { readonly what: string; ask(): Promise<Answer> };

/** Asks all; gives back what was wrong with the answers. */
async function faultsIn(requests: readonly Request[]): Promise<readonly string[]> {
  const faults = await inParallel(
    requests.map(({ what, ask }) => async () => {
      const found = faultsOf(await ask());
      return found.map((fault) => `${what.slice(0, 200)}: ${fault}`);
    }),
    4,
  );
  return faults.flat();
}

/** Addresses with a hole, in every spelling each can be asked in. */
type Hole = { readonly name: string; readonly role: RoleOfMatrix; at(text: string): readonly string[] };

function holesInAddresses(): readonly Hole[] {
  const holes: Hole[] = [];
  const both = (make: (text: string) => string) => (text: string) => [make(spelt(text)), make(encoded(text))];
  for (const route of allRoutes) {
    const { path, query } = parametersOf(route);
    const role = boldest(route);
    for (const name of path) {
      const address = pathFor({ path: route.path.replace(name, "\u0000") }, own);
      const [before = "", after = ""] = address.split("\u0000");
      const at = both((text) => before + text + after);
      // The page, and its data alone.
      const isPage = !route.isResource && name !== "*";
      holes.push({
        ...{ name: `${route.id} ${name}`, role },
        at: (text) => [...at(text), ...(isPage ? at(text).map((one) => `${one}.data`) : [])],
      });
    }
    for (const name of query) {
      const at = both((text) => `${pathFor(route, own)}?${name}=${text}`);
      holes.push({ name: `${route.id} ?${name}`, role, at });
    }
  }
  for (const place of ["/assets/", "/", "/favicon.svg/", "/sw.js/", "/collab/", "/_root.data/"])
    holes.push({ name: `static ${place}`, role: "leaderA", at: both((text) => place + text) });
  const status = (id: string, epoch: string, client: string) =>
    `/collab/${id}/status?schema=1&epoch=${epoch}&client=${client}`;
  for (const make of [
    (text: string) => status(text, "x", "7"),
    (text: string) => status(own.document, text, "7"),
    (text: string) => status(own.document, "x", text),
    (text: string) => `${status(own.document, "x", "7")}&also=${text}&have=${text}`,
  ])
    holes.push({ name: `live ${make("…")}`, role: "leaderA", at: both(make) });
  return holes;
}

/** Every field of every form, the others honest; of each field so many texts. */
function fieldsOfForms(each: number): readonly Request[] {
  return allRoutes.flatMap((route) => {
    const { fields } = parametersOf(route);
    return (routeTable[route.id]?.forms ?? []).flatMap((form, formNumber) => {
      // Filled in where the table leaves a field empty on purpose: the others are read then, too.
      const honest = Object.fromEntries(
        Object.entries(filled(form, own)).map(([name, value]) => [name, value || "Named again"]),
      );
      // What would change the scene is sent only with the text in the place of an id or of the intent.
      const isHarmless = (name: string) =>
        form.yes !== null ||
        name === "intent" ||
        (!route.path.includes(":id") && /^\{\w+\}$/.test(form.fields[name] ?? ""));
      return fields.filter(isHarmless).flatMap((name, nameNumber) =>
        Array.from({ length: each }, (_, n) => {
          const text = corpus[(n * 13 + (formNumber + nameNumber) * 29) % corpus.length] ?? "";
          const body = formOf({ ...honest, [name]: text.toWellFormed() });
          return {
            what: `${route.id} ${JSON.stringify(form.fields)} ${name} = ${text}`,
            ask: () => send(boldest(route), pathFor(route, own), body),
          };
        }),
      );
    });
  });
}

/** Everything an honest person has the server open: what is opened beyond it is opened for the corpus. */
async function useHonestly(): Promise<void> {
  for (const name of filesBelow(clientFolder).filter((file) => /\.\w+$/.test(file)))
    await send("leaderA", `/${name}`);
  for (const route of allRoutes) {
    await send(boldest(route), pathFor(route, own));
    for (const form of routeTable[route.id]?.forms ?? [])
      if (form.yes !== null) await send(boldest(route), pathFor(route, own), formOf(filled(form, own)));
  }
  await send("leaderA", `/documents/${own.document}/images`, uploadOf("p.png", onePixel));
}

describe("texts that try to become a path", () => {
  it("[S8] are 300 and more, all different, and the watch sees what is really opened and shown", async () => {
    expect(new Set(corpus).size).toBe(corpus.length);
    expect(corpus.length).toBeGreaterThanOrEqual(300);
    app.openedSince();
    // Controls: a picture is a file of its own; and an answer with the secret in it is a fault.
    await send("leaderA", `/images/${own.image}`);
    expect(app.openedSince()).toContain(join(app.dataFolder, "files", own.image.slice(0, 2), own.image));
    const shown = { status: 200, body: Buffer.from(`<p>${app.secret}</p>`), headers: {} };
    expect(faultsOf(shown)).toEqual(["shows the canary"]);
  });

  it("[S8] open and show nothing, as any parameter of any route, any static name or live address", async () => {
    await useHonestly();
    const honest = new Set(app.openedSince().map(kindOfPath));
    const before = { outer: readdirSync(app.outer).sort(), client: filesBelow(clientFolder) };

    // At the full count every text in every spelling at every place. In a quick run each
    // place gets every fourth text in one spelling; from place to place other ones.
    const isFull = trials(2, 1) === 2;
    const holes = holesInAddresses();
    const addresses = holes.flatMap(({ name, role, at }, hole) =>
      corpus.flatMap((text, number) => {
        if (!isFull && (number + hole) % 4 !== 0) return [];
        const all = at(text);
        const chosen = isFull ? all : [all[Math.floor(number / 4 + hole) % all.length] ?? ""];
        return chosen.map((path) => ({ what: `${name} = ${text}`, ask: () => send(role, path) }));
      }),
    );
    const fields = fieldsOfForms(trials(corpus.length, 12));
    const uploads = Array.from({ length: trials(corpus.length, 102) }, (_, n) => {
      const text = corpus[(n * 13) % corpus.length] ?? "";
      const body = uploadOf(text, n % 2 ? onePixel : Buffer.from("no picture"));
      return {
        what: `file name ${text}`,
        ask: () => send("leaderA", `/documents/${own.document}/images`, body),
      };
    });
    const faults = await faultsIn([...addresses, ...fields, ...uploads]);
    const opened = new Set(app.openedSince().filter((path) => !honest.has(kindOfPath(path))));

    console.log(
      `[S8] ${corpus.length} texts, no seed: ${addresses.length} requests at ${holes.length} places of addresses, ` +
        `${fields.length} with fields of forms, ${uploads.length} names of files; ${faults.length} faults, ` +
        `${opened.size} files opened that honest use does not open`,
    );
    expect(faults).toEqual([]);
    expect([...opened]).toEqual([]);
    expect(addresses.length).toBeGreaterThanOrEqual(corpus.length * holes.length * (isFull ? 2 : 0.25));
    // Nothing was left lying about, inside or outside.
    expect({ outer: readdirSync(app.outer).sort(), client: filesBelow(clientFolder) }).toEqual(before);
    const ours =
      /^(two-way\.db(-wal|-shm|\.claim)?|canary\.txt|admin\.sock|outbox(\/\d{15}-[0-9a-f-]{36}\.txt)?|files(\/[0-9a-f]{2}(\/[0-9a-f-]{36})?)?)$/;
    expect(filesBelow(app.dataFolder).filter((name) => !ours.test(name))).toEqual([]);
  }, 3_600_000);

  it("[S8] [S17] as the title of a document name its files safely, and open nothing", async () => {
    const file = `/documents/${own.document}/export.md`;
    await send("leaderA", file);
    const honest = new Set(app.openedSince().map(kindOfPath));
    const count = trials(corpus.length, 24);
    const names: string[] = [];
    const faults: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const title = (corpus[(n * 13) % corpus.length] ?? "").toWellFormed();
      await send("leaderA", `/documents/${own.document}`, formOf({ title }));
      const answer = await send("leaderA", file);
      faults.push(...faultsOf(answer));
      names.push(answer.headers["content-disposition"] ?? "");
    }
    const safe =
      /^attachment; filename="[A-Za-z0-9 _,()-]+\.md"; filename\*=UTF-8''(?!.*%(2f|5c|0[0-9a-f]))[A-Za-z0-9%_~!-]+\.md$/i;
    const unsafe = names.filter((name) => !safe.test(name));
    const opened = app.openedSince().filter((path) => !honest.has(kindOfPath(path)));
    console.log(
      `[S8] ${count} titles of the corpus, ${new Set(names).size} different file names, ${unsafe.length} unsafe, ` +
        `${faults.length} faults, ${opened.length} files opened that honest use does not open`,
    );
    expect({ unsafe, faults, opened }).toEqual({ unsafe: [], faults: [], opened: [] });
    expect(new Set(names).size).toBeGreaterThan(count / 3);
  }, 600_000);
});
