/**
 * Housekeeping: what has run out and serves nobody is removed, so that neither tables
 * nor what an intruder could read grow for ever. Invitations are kept: the list of
 * people shows who invited whom.
 */
import { sweepTries } from "../../db/queries/rate-limits.ts";
import type { Services } from "./services.ts";

const day = 24 * 60 * 60_000;

/** Removes counters of tries older than a day, and sessions and reset links that have ended. */
export async function sweepExpired(services: Pick<Services, "db" | "now">): Promise<void> {
  const now = services.now();
  await sweepTries(services.db, now - day);
  await services.db.deleteFrom("session").where("expires_at", "<", now).execute();
  await services.db
    .deleteFrom("password_reset")
    .where("expires_at", "<", now - day)
    .execute();
}
