/**
 * Seats somebody of the demonstration in a partnership, as accepting an invitation does: the
 * membership, and the row of the audit trail that tells of it. Nobody was invited, so the
 * trail names the server.
 */
import type { Insertable, Kysely } from "kysely";
import { appendAudit } from "../audit.ts";
import type { Schema } from "../schema.ts";

type Seat = Omit<Insertable<Schema["membership"]>, "status" | "left_at">;

/** Within the caller's transaction; a seat that is there already stays as it is. */
export async function seatMember(transaction: Kysely<Schema>, seat: Seat): Promise<void> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto("membership")
    .values({ ...seat, status: "active", left_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) return;
  await appendAudit(transaction, {
    at: seat.joined_at,
    actorUserId: null,
    partnershipId: seat.partnership_id,
    verb: "membership.joined",
    objectType: "membership",
    objectId: seat.id,
    after: { role: seat.role, side: seat.side, organisationId: seat.organisation_id },
  });
}
