/** What this person had open lately, over all partnerships, as far as they may still read it. */
import { type RecentDocument, recentlyVisited } from "../../db/queries/documents.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Newest first, at most `limit` (10 by default, 50 at most). Refuses nothing. */
export async function recentDocuments(
  services: Pick<Services, "db">,
  asker: Asker,
  input: { readonly limit?: number } = {},
): Promise<Result<readonly RecentDocument[]>> {
  const limit = Math.min(50, Math.max(1, Math.trunc(input.limit ?? 10)));
  return ok(await recentlyVisited(services.db, asker.userId, limit));
}
