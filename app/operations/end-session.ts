/** Ends another session of the same person, from the list on the account page. */
import { deleteSession, deleteSessionsOf } from "../../db/queries/sessions.ts";
import { isId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Refuses `not-found` for a session that is over or somebody else's. */
export async function endSession(
  services: Pick<Services, "db" | "live">,
  asker: Asker,
  input: { readonly sessionId: string },
): Promise<Result<null>> {
  if (!isId(input.sessionId)) return refuse("not-found");
  if (!(await deleteSession(services.db, asker.userId, input.sessionId))) return refuse("not-found");
  services.live.rightsChanged({ sessionId: input.sessionId });
  return ok(null);
}

/** Ends all sessions but the one that asks; gives how many there were. */
export async function endOtherSessions(
  services: Pick<Services, "db" | "live">,
  signedIn: Asker & { readonly sessionId: string },
): Promise<number> {
  const ended = await deleteSessionsOf(services.db, signedIn.userId, signedIn.sessionId);
  for (const sessionId of ended) services.live.rightsChanged({ sessionId });
  return ended.length;
}
