/**
 * Is a restored backup still waiting for what browsers kept? Then nobody's copy is
 * removed from their device but by their own sign-out (see `docs/operations.md`).
 */
import type { Services } from "./services.ts";

/** True while any document takes in what only browsers hold. */
export async function isRecovering(services: Pick<Services, "db" | "now">): Promise<boolean> {
  const document = await services.db
    .selectFrom("document")
    .select("number")
    .where("recovering_until", ">", services.now())
    .limit(1)
    .executeTakeFirst();
  return document !== undefined;
}
