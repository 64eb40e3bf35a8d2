/**
 * A small world for tests: one partnership, a leader on each side with a session, and
 * documents whose seed is a short Yjs text. Real rows in a real database.
 */
import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import * as Y from "yjs";
import type { Schema } from "../schema.ts";
import { createDocumentRows } from "../update-log/create-document-rows.ts";

export interface PlanWorld {
  readonly partnershipId: string;
  readonly organisationId: string;
  readonly provider: { readonly userId: string; readonly sessionId: string };
  readonly employer: { readonly userId: string; readonly sessionId: string };
}

export interface PlanDocument {
  readonly id: string;
  readonly number: number;
  readonly lineage: string;
  readonly epoch: string;
}

export async function insertPlanWorld(db: Kysely<Schema>): Promise<PlanWorld> {
  const programmeId = randomUUID();
  const partnershipId = randomUUID();
  const organisationId = randomUUID();
  await db
    .insertInto("organisation")
    .values({
      id: organisationId,
      name: "Northfield College",
      kind: "provider",
      is_placeholder: 0,
      is_illustrative: 1,
      created_at: 0,
    })
    .execute();
  await db
    .insertInto("programme")
    .values({
      id: programmeId,
      slug: programmeId,
      title: "Programme",
      summary: "",
      is_illustrative: 1,
      created_at: 0,
    })
    .execute();
  await db
    .insertInto("partnership")
    .values({
      id: partnershipId,
      slug: partnershipId,
      programme_id: programmeId,
      title: "Partnership",
      state: "active",
      is_illustrative: 1,
      created_at: 0,
    })
    .execute();
  const member = async (side: "provider" | "employer") => {
    const userId = randomUUID();
    const sessionId = randomUUID();
    await db
      .insertInto("user")
      .values({
        id: userId,
        email: `${userId}@example.org`,
        name: `Leader of the ${side}`,
        status: "active",
        is_programme_admin: 0,
        kind: "person",
        is_demo: 0,
        created_at: 0,
      })
      .execute();
    await db
      .insertInto("membership")
      .values({
        id: randomUUID(),
        partnership_id: partnershipId,
        user_id: userId,
        organisation_id: organisationId,
        side,
        role: "leader",
        status: "active",
        joined_at: 0,
      })
      .execute();
    await db
      .insertInto("session")
      .values({
        secret_hash: randomUUID(),
        id: sessionId,
        user_id: userId,
        created_at: 0,
        last_seen_at: 0,
        expires_at: Number.MAX_SAFE_INTEGER,
        device: "test",
        is_shared_computer: 0,
      })
      .execute();
    return { userId, sessionId };
  };
  return {
    partnershipId,
    organisationId,
    provider: await member("provider"),
    employer: await member("employer"),
  };
}

/** Yjs update of a new document whose text `default` is `text`, written by `clientId`. */
export function textUpdate(text: string, clientId: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  doc.getText("default").insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

export async function insertPlanDocument(
  db: Kysely<Schema>,
  world: PlanWorld,
  text = "A plan",
  /** Another first update than the text alone. */
  seed: (text: string, clientId: number) => Uint8Array = textUpdate,
): Promise<PlanDocument> {
  const id = randomUUID();
  const lineage = randomUUID();
  const epoch = randomUUID();
  const clientId = 1 + Math.floor(Math.random() * 0xffff_fffe);
  const update = seed(text, clientId);
  const number = await db.transaction().execute(async (transaction) => {
    const made = await transaction
      .insertInto("document")
      .values({
        id,
        partnership_id: world.partnershipId,
        position: 0,
        kind: "page",
        title: "Plan",
        lineage_id: lineage,
        epoch,
        schema_number: 1,
        created_by: world.provider.userId,
        created_at: 0,
      })
      .returning("number")
      .executeTakeFirstOrThrow();
    await createDocumentRows(transaction, {
      document: made.number,
      epoch,
      lineage,
      schemaNumber: 1,
      actorKind: "server",
      userId: world.provider.userId,
      side: "provider",
      at: 0,
      clientId,
      update,
      stateVector: Y.encodeStateVectorFromUpdate(update),
    });
    return made.number;
  });
  return { id, number, lineage, epoch };
}
