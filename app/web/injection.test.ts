/**
 * Two hundred hostile texts in each search, sort and filter: they reach the database as
 * bound values alone, and the statements stay the same as for honest ones (promise S14).
 */
import Sqlite from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Schema } from "../../db/schema.ts";
import { addSqlFunctions } from "../../db/sql-functions.ts";
import { readProgramme } from "../operations/read-programme.ts";
import { searchDocuments } from "../operations/search-documents.ts";
import { signIn } from "../operations/sign-in.ts";
import { newBrowser, openPeopleScene, type PeopleScene } from "../operations/testing/people-scene.ts";

const seeds =
  `' or 1=1 --;" or ""=";'; drop table user; --;1; attach database 'x' as y;%' union select password_hash from user --;
title:*;NEAR(a b);a AND b;a OR;NOT;"unclosed;(((;)))*;^a;a*b*;{title body}: a;-a;+a;a:b:c;col:'x';$.a[0];->>'$.x';
json_extract(a,'$');\\';\`user\`;[user];x'00';char(0);%00;_%_;\u0000;\u202e;\ud800;🙂;ﬁ;İ;null;undefined;NaN;true;__proto__;constructor`
    .split(/[;\n]/)
    .filter((text) => text !== "");

/** The seeds alone, doubled, wrapped and lengthened, until there are 200. */
function payloads(): readonly string[] {
  const marked = (text: string, number: number) => `${text}zq${number}`;
  const shapes = [
    (text: string) => text,
    (text: string) => `" ${text} "`,
    (text: string) => `x ${text} ${text}`,
    (text: string) => `${text.repeat(30)}`,
    (text: string) => `(${text}) OR ${text}*`,
    (text: string) => `'${text}'/**/`,
  ];
  return shapes
    .flatMap((shape) => seeds.map(shape))
    .slice(0, 200)
    .map(marked);
}

describe("hostile texts", () => {
  let scene: PeopleScene;
  let db: Kysely<Schema>;
  const statements: string[] = [];
  beforeAll(async () => {
    scene = await openPeopleScene();
    const sqlite = new Sqlite(scene.database.path);
    addSqlFunctions(sqlite);
    db = new Kysely<Schema>({
      dialect: new SqliteDialect({ database: sqlite }),
      log: (event) => {
        statements.push(event.query.sql);
      },
    });
  });
  afterAll(async () => {
    await db.destroy();
    await scene.database.close();
  });

  const inputs: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
    "search of documents": (typed) => {
      // At the pace of a person: none of the 200 is refused for coming too soon.
      scene.clock.now += 1_000;
      return searchDocuments({ ...scene.services, db }, scene.asker("leaderA"), { typed });
    },
    "filter of a programme": (sector) =>
      readProgramme({ ...scene.services, db }, scene.asker("leaderA"), {
        slug: "own-street-programme",
        sector,
      }),
    "slug of a programme": (slug) =>
      readProgramme({ ...scene.services, db }, scene.asker("leaderA"), { slug, sector: null }),
    "address and password": (text) =>
      signIn(
        { ...scene.services, db },
        { email: text, password: text, isSharedComputer: false, network: text, browser: newBrowser },
      ),
  };

  for (const [name, send] of Object.entries(inputs))
    it(`[S14] in the ${name} are bound values in 200 of 200 cases`, async () => {
      const all = payloads();
      expect(all).toHaveLength(200);
      statements.length = 0;
      await send("engineering");
      const honest = new Set(statements);
      const hostile = new Set<string>();
      for (const [number, text] of all.entries()) {
        statements.length = 0;
        await send(text);
        for (const statement of statements) {
          expect(statement).not.toContain(`zq${number}`);
          hostile.add(statement);
        }
      }
      const distinct = [...hostile].filter((statement) => !honest.has(statement));
      console.log(`${name}: 200 payloads, ${honest.size} statements, ${distinct.length} others`);
      expect(honest.size).toBeGreaterThan(0);
      // A text without a word may ask less, never more or otherwise.
      expect(distinct).toEqual([]);
    });
});
