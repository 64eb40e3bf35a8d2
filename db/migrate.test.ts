import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { openTestDatabase, type TestDatabase } from "./testing/open-test-database.ts";

describe("migrations", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterAll(() => test.close());

  it("are applied once; a second start finds nothing to do", async () => {
    expect(await migrate(test.db)).toEqual([]);
  });

  it("leave a database whose foreign keys hold", async () => {
    const { rows } = await sql`pragma foreign_key_check`.execute(test.db);
    expect(rows).toEqual([]);
  });
});
