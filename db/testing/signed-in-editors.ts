/** People with an editor's right and a cookie that works, put straight into a database. */
import { randomBytes, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { sessionCookieName } from "../../app/operations/read-session.ts";
import { hashSecret } from "../queries/sessions.ts";
import type { Schema } from "../schema.ts";
import type { PlanWorld } from "./plan-fixture.ts";

/** Adds `count` editors of the provider's side; answers each one's `Cookie` header. */
export async function insertSignedInEditors(
  db: Kysely<Schema>,
  plan: Pick<PlanWorld, "partnershipId" | "organisationId">,
  count: number,
): Promise<readonly string[]> {
  const people = Array.from({ length: count }, (_, number) => ({
    number,
    userId: randomUUID(),
    secret: randomBytes(32).toString("base64url"),
  }));
  await db.transaction().execute(async (transaction) => {
    for (const { number, userId, secret } of people) {
      await transaction
        .insertInto("user")
        .values({
          id: userId,
          email: `${userId}@example.org`,
          name: `Editor ${number}`,
          status: "active",
          kind: "person",
          is_programme_admin: 0,
          is_demo: 0,
          created_at: 0,
        })
        .execute();
      await transaction
        .insertInto("membership")
        .values({
          id: randomUUID(),
          partnership_id: plan.partnershipId,
          user_id: userId,
          organisation_id: plan.organisationId,
          side: "provider",
          role: "editor",
          status: "active",
          joined_at: 0,
        })
        .execute();
      await transaction
        .insertInto("session")
        .values({
          secret_hash: hashSecret(secret),
          id: randomUUID(),
          user_id: userId,
          created_at: 0,
          last_seen_at: Date.now(),
          expires_at: Number.MAX_SAFE_INTEGER,
          device: "test",
          is_shared_computer: 0,
        })
        .execute();
    }
  });
  return people.map(({ secret }) => `${sessionCookieName}=${secret}`);
}
