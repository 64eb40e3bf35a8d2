/** What the commands of the console say of what they cannot use. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as groundFloor from "../migrations/0001_ground_floor.ts";
import * as setAside from "../migrations/0002_set_aside.ts";
import { openDatabase } from "../open.ts";
import { MaintainedPlan } from "../testing/maintained-plan.ts";

let kept: MaintainedPlan;
beforeEach(async () => {
  kept = await MaintainedPlan.open();
});
afterEach(() => kept.close());

describe("a command that cannot use what it is given", () => {
  const tampered = (name: string, statement: string): string => {
    const path = join(kept.folder, name);
    const sqlite = new Sqlite(path);
    sqlite.exec(statement);
    sqlite.close();
    return path;
  };
  /** Runs several, and gives what each said in its one line; a trace or another code fails. */
  async function sentencesOf(
    place: Readonly<Record<string, string>>,
    commands: readonly (readonly [string, ...string[]])[],
  ): Promise<readonly string[]> {
    const said: string[] = [];
    for (const [name, ...options] of commands) {
      const { code, output } = await kept.commandAt(place, name, ...options);
      expect([name, code, output]).toEqual([name, 1, expect.stringMatching(/^.+\.\n$/)]);
      said.push(output.trim());
    }
    return said;
  }
  const target = () => join(kept.folder, "never.db");
  const purge = ["purge", "--document", "x", "--by", "nobody@example.org"] as const;
  const readers = () => [["verify"], ["backup", target()], purge, ["restore", "--finish"]] as const;
  const all = () => [...readers(), ["migrate"], ["admin", "ann@college.example", "Ann"]] as const;
  const scripts = (commands: readonly (readonly [string, ...string[]])[]) =>
    commands.map(
      ([name, ...options]) => [name === "admin" ? "name-administrator" : name, ...options] as const,
    );

  it("answers words it does not know with how it is used", async () => {
    const [restore, backup, several, purging] = await sentencesOf({}, [
      ["restore", "--everything"],
      ["backup", "--help"],
      ["backup", target(), "and.db"],
      ["purge", "--document"],
    ]);
    expect(restore).toMatch(
      /^Unknown option '--everything'\. Name the backup to bring back: npm run restore/,
    );
    expect(backup).toMatch(/^Unknown option '--help'\. Name the file to write: npm run backup/);
    expect(several).toMatch(/^Name the file to write: npm run backup/);
    expect(existsSync(target())).toBe(false);
    expect(purging).toMatch(/argument missing\. Name the document and who orders it: npm run purge/);
  });

  it("says in a sentence that the database has not been migrated; after that the command goes on", async () => {
    const older = join(kept.folder, "older.db");
    const db = openDatabase(older) as unknown as Kysely<unknown>;
    await groundFloor.up(db);
    await setAside.up(db);
    await db.destroy();
    tampered(
      "older.db",
      `attach '${kept.path}' as ours;
       create table kysely_migration as select * from ours.kysely_migration where name < '0003';
       create table kysely_migration_lock as select * from ours.kysely_migration_lock`,
    );
    const place = { DATABASE_URL: `file:${older}` };
    expect(await sentencesOf(place, [["restore", "--finish"]])).toEqual([
      `The database ${older} is of an older release and has not been migrated. Make a backup, run npm run migrate, then this command again.`,
    ]);
    // What reads every released schema goes on: the backup that the sentence asks for is among them.
    expect((await kept.commandAt(place, "backup", join(kept.folder, "before.db"))).code).toBe(0);
    expect((await kept.commandAt(place, "verify")).code).toBe(0);
    expect((await kept.commandAt(place, "migrate")).output).toMatch(
      /^Applied: 0003_recovery_ends(, \d{4}_\w+)*\n$/,
    );
    expect((await kept.commandAt(place, "restore", "--finish")).output).toBe("No document was recovering.\n");
  }, 120_000);

  it("says in a sentence that the database belongs to a newer release, or to somebody else", async () => {
    await kept.db
      .insertInto("kysely_migration" as never)
      .values({ name: "9999_later", timestamp: "x" } as never)
      .execute();
    for (const sentence of await sentencesOf({}, scripts(all())))
      expect(sentence).toBe(
        `The database ${kept.path} was used by a newer release. Run this command of that release.`,
      );
    const foreign = tampered("foreign.db", "create table recipes (name text)");
    const place = { DATABASE_URL: `file:${foreign}` };
    for (const sentence of await sentencesOf(place, [["verify"], ["restore", "--finish"], ["migrate"]]))
      expect(sentence).toBe(
        `The database ${foreign} holds nothing of Two-Way. Check DATA_DIR and DATABASE_URL.`,
      );
    expect(await sentencesOf({}, [["restore", foreign]])).toEqual([
      expect.stringContaining("Another program has the database open"),
    ]);
    await kept.db.destroy();
    expect(await sentencesOf({}, [["restore", foreign]])).toEqual([
      "The copy holds nothing of Two-Way. Check DATA_DIR and DATABASE_URL. Nothing was changed.",
    ]);
    kept.reopen();
    expect(existsSync(target())).toBe(false);
  }, 120_000);

  it("says in a sentence what is wrong with the folder or the file", async () => {
    const file = join(kept.folder, "a-file");
    writeFileSync(file, "not a database, and long enough to be looked at as one. ".repeat(40));
    for (const sentence of await sentencesOf({ DATABASE_URL: `file:${file}` }, scripts(all())))
      expect(sentence).toContain(`The database ${file} is not a SQLite database. Move it away`);
    for (const sentence of await sentencesOf({ DATABASE_URL: `file:${kept.folder}` }, [
      ["verify"],
      ["migrate"],
    ]))
      expect(sentence).toBe(`${kept.folder} is not a file. Name the database with DATA_DIR or DATABASE_URL.`);
    for (const sentence of await sentencesOf({ DATA_DIR: join(kept.folder, "none") }, readers()))
      expect(sentence).toBe(`There is no database at ${join(kept.folder, "none", "two-way.db")}.`);
    for (const sentence of await sentencesOf(
      { DATA_DIR: file },
      scripts([["migrate"], ["restore", kept.path]]),
    ))
      expect(sentence).toContain(`names ${file}, which is not a folder.`);
    // What is found out only at the end, by writing: the anchors' place is no folder.
    const { code, output } = await kept.commandAt(
      { DATA_DIR: file, DATABASE_URL: `file:${kept.path}` },
      "verify",
    );
    const last = `${join(file, "anchors.jsonl")} cannot be used: it lies in something that is not a folder.\n`;
    expect([code, output]).toEqual([1, expect.stringContaining(last)]);
    expect(output).not.toMatch(/^\s+at /m);
  }, 120_000);
});
