/**
 * Puts a document away together with what lies below it. Archived text is still read
 * and exported; it is not written, so whoever has it open becomes a reader at once.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { withDescendants } from "../../db/queries/documents.ts";
import { may } from "../domain/access.ts";
import type { DocumentId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Database, Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Archiving twice is not an error. Refuses `not-found` and `not-allowed`. */
export async function archiveDocument(
  services: Pick<Services, "db" | "now" | "live">,
  asker: Asker,
  input: { readonly documentId: string },
): Promise<Result<{ archived: readonly DocumentId[] }>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const allowed = may(found.actor, "document.organise", found.document);
  if (!allowed.ok) return allowed;

  // All that goes together carries the same moment, so that it comes back together.
  const at = services.now();
  const archived = await services.db.transaction().execute(async (transaction: Database) => {
    const below = await withDescendants(transaction, found.document.id);
    const ids = below.filter((one) => one.archivedAt === null).map((one) => one.id);
    if (ids.length > 0) {
      await transaction
        .updateTable("document")
        .set({ archived_at: at, archived_by: asker.userId })
        .where("id", "in", ids)
        .execute();
    }
    return ids;
  });
  for (const documentId of archived) services.live.rightsChanged({ documentId });
  return ok({ archived });
}
