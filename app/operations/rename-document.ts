/** Gives a document another title, in the tree, under search and in open editors. */
import { documentForUser } from "../../db/queries/access.ts";
import { retitleInSearch } from "../../db/queries/search.ts";
import { may } from "../domain/access.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { cleanTitle } from "./create-document.ts";
import type { Database, Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Refuses `not-found`, `not-allowed`, `document-archived`, `empty-title`, `title-too-long`. */
export async function renameDocument(
  services: Pick<Services, "db" | "live">,
  asker: Asker,
  input: { readonly documentId: string; readonly title: string },
): Promise<Result<{ title: string }>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "document.organise", document);
  if (!allowed.ok) return allowed;
  if (document.isArchived) return refuse("document-archived");
  const title = cleanTitle(input.title);
  if (!title.ok) return title;

  await services.db.transaction().execute(async (transaction: Database) => {
    await transaction
      .updateTable("document")
      .set({ title: title.value })
      .where("id", "=", document.id)
      .execute();
    await retitleInSearch(transaction, document.number, title.value);
  });
  services.live.renamed(document.id, title.value);
  return ok({ title: title.value });
}
