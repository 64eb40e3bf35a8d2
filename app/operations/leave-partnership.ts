/** A member leaves a partnership. The only leader of a side names another one first. */
import { type Result, refuse } from "../domain/result.ts";
import { endOwnMembership } from "./remove-member.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Refuses `not-found` and `last-leader`. */
export async function leavePartnership(
  services: Pick<Services, "db" | "now" | "live">,
  asker: Asker,
  input: { readonly partnershipId: string; readonly requestId?: string },
): Promise<Result<null>> {
  const own = await services.db
    .selectFrom("membership")
    .select("id")
    .where("partnership_id", "=", input.partnershipId)
    .where("user_id", "=", asker.userId)
    .where("status", "=", "active")
    .executeTakeFirst();
  if (own === undefined) return refuse("not-found");
  return endOwnMembership(services, asker, { ...input, membershipId: own.id });
}
