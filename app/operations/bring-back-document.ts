/**
 * Brings an archived document back, with what was archived together with it. When the
 * document above it is still archived, it returns to the top of the tree.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { lastPosition, withDescendants } from "../../db/queries/documents.ts";
import { may } from "../domain/access.ts";
import type { DocumentId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Database, Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Bringing back twice is not an error. Refuses `not-found` and `not-allowed`. */
export async function bringBackDocument(
  services: Pick<Services, "db" | "live">,
  asker: Asker,
  input: { readonly documentId: string },
): Promise<Result<{ broughtBack: readonly DocumentId[] }>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "document.organise", document);
  if (!allowed.ok) return allowed;

  const broughtBack = await services.db.transaction().execute(async (transaction: Database) => {
    const below = await withDescendants(transaction, document.id);
    const archivedAt = below.find((one) => one.id === document.id)?.archivedAt ?? null;
    if (archivedAt === null) return [];
    const ids = below.filter((one) => one.archivedAt === archivedAt).map((one) => one.id);
    await transaction
      .updateTable("document")
      .set({ archived_at: null, archived_by: null })
      .where("id", "in", ids)
      .execute();
    if (document.parentId !== null) {
      const parent = await transaction
        .selectFrom("document")
        .select("archived_at")
        .where("id", "=", document.parentId)
        .executeTakeFirst();
      if (parent && parent.archived_at !== null) {
        const position = await lastPosition(transaction, document.partnershipId, null);
        await transaction
          .updateTable("document")
          .set({ parent_id: null, position })
          .where("id", "=", document.id)
          .execute();
      }
    }
    return ids;
  });
  for (const documentId of broughtBack) services.live.rightsChanged({ documentId });
  return ok({ broughtBack });
}
