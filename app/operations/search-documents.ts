/**
 * Searches titles and texts of everything the asker may read. An observer finds
 * nothing until something is agreed; other partnerships do not exist.
 */
import { findDocuments, type SearchHit } from "../../db/queries/search.ts";
import { searchWords } from "../document/passage.ts";
import { isId } from "../domain/ids.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { spendAllowance } from "./spend-allowance.ts";

export type SearchResult = {
  readonly typed: string;
  readonly hits: readonly SearchHit[];
  /** True when there are more than are shown. */
  readonly hasMore: boolean;
};

/** Longest search that is looked at, in characters. */
export const searchLengthMax = 400;
const shown = 40;

/**
 * All words must occur; the last one may be a beginning. Anything at all may be typed:
 * a search without a letter or digit finds nothing. Refuses `too-often`.
 */
export async function searchDocuments(
  services: Pick<Services, "db" | "now">,
  asker: Asker,
  input: { readonly typed: string; readonly partnershipId?: string | null },
): Promise<Result<SearchResult>> {
  const typed = input.typed.slice(0, searchLengthMax);
  const words = searchWords(typed);
  const partnershipId = input.partnershipId ?? null;
  if (words.length === 0 || (partnershipId !== null && !isId(partnershipId))) {
    return ok({ typed, hits: [], hasMore: false });
  }
  const spent = await spendAllowance(services, asker.userId, "search");
  if (!spent.ok) return spent;
  const hits = await findDocuments(services.db, asker.userId, words, {
    partnershipId,
    limit: shown + 1,
  });
  return ok({ typed, hits: hits.slice(0, shown), hasMore: hits.length > shown });
}
