/** Ends the session a person came with; its live sockets close at once (promise W3). */
import { deleteSession } from "../../db/queries/sessions.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Signing out twice is not an error. */
export async function signOut(
  services: Pick<Services, "db" | "live">,
  signedIn: Asker & { readonly sessionId: string },
): Promise<void> {
  await deleteSession(services.db, signedIn.userId, signedIn.sessionId);
  services.live.rightsChanged({ sessionId: signedIn.sessionId });
}
