/**
 * Puts a document elsewhere in its partnership's tree. Order is a number per sibling;
 * a moved document gets the half between its new neighbours, and the siblings are
 * numbered afresh when halves run out. Nothing moves between partnerships.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { levelsOf, withDescendants } from "../../db/queries/documents.ts";
import { may } from "../domain/access.ts";
import { treeLevelsMax } from "../domain/documents.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Database, Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Below this distance two numbers could fall together after another half. */
const smallestGap = 1e-6;

/**
 * Moves a document under `parentId` (null: top of the tree), behind its sibling
 * `afterId` (null: to the first place). Refuses `not-found` (also when one of the
 * others belongs to another partnership), `not-allowed`, `document-archived`,
 * `wrong-parent` (into itself or below itself), `too-deep`.
 */
export async function moveDocument(
  services: Pick<Services, "db">,
  asker: Asker,
  input: { readonly documentId: string; readonly parentId: string | null; readonly afterId: string | null },
): Promise<Result<null>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "document.organise", document);
  if (!allowed.ok) return allowed;
  if (document.isArchived) return refuse("document-archived");
  const { parentId, afterId } = input;

  // One transaction: two people who move two documents into each other must not
  // both find the tree free of circles.
  return services.db.transaction().execute(async (transaction: Database): Promise<Result<null>> => {
    if (parentId !== null) {
      const parent = await transaction
        .selectFrom("document")
        .select("archived_at")
        .where("id", "=", parentId)
        .where("partnership_id", "=", document.partnershipId)
        .executeTakeFirst();
      if (!parent) return refuse("not-found");
      if (parent.archived_at !== null) return refuse("document-archived");
      const below = await withDescendants(transaction, document.id);
      if (below.some((one) => one.id === parentId)) return refuse("wrong-parent", {}, "parentId");
      const { level } = await levelsOf(transaction, parentId, treeLevelsMax);
      const { height } = await levelsOf(transaction, document.id, treeLevelsMax);
      if (level + height > treeLevelsMax) return refuse("too-deep", { max: treeLevelsMax }, "parentId");
    }
    const siblings = await transaction
      .selectFrom("document")
      .select(["id", "position"])
      .where("partnership_id", "=", document.partnershipId)
      .where("parent_id", parentId === null ? "is" : "=", parentId)
      .where("id", "<>", document.id)
      .orderBy("position")
      .orderBy("number")
      .execute();
    const before = afterId === null ? -1 : siblings.findIndex((sibling) => sibling.id === afterId);
    if (afterId !== null && before === -1) return refuse("not-found");

    const low = siblings[before]?.position;
    const high = siblings[before + 1]?.position;
    let position = low === undefined ? (high ?? 1) - 1 : high === undefined ? low + 1 : (low + high) / 2;
    if (low !== undefined && high !== undefined && high - low < smallestGap) {
      const ordered = siblings.toSpliced(before + 1, 0, { id: document.id, position: 0 });
      for (const [index, sibling] of ordered.entries()) {
        await transaction
          .updateTable("document")
          .set({ position: index + 1 })
          .where("id", "=", sibling.id)
          .execute();
      }
      position = before + 2;
    }
    await transaction
      .updateTable("document")
      .set({ parent_id: parentId, position })
      .where("id", "=", document.id)
      .execute();
    return ok(null);
  });
}
