/** A real, migrated SQLite file in a folder of its own, removed after the test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { migrate } from "../migrate.ts";
import { openDatabase } from "../open.ts";
import type { Schema } from "../schema.ts";

export interface TestDatabase {
  readonly db: Kysely<Schema>;
  readonly folder: string;
  readonly path: string;
  close(): Promise<void>;
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "two-way-test-"));
  const path = join(folder, "two-way.db");
  const db = openDatabase(path);
  await migrate(db);
  return {
    db,
    folder,
    path,
    async close() {
      await db.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
