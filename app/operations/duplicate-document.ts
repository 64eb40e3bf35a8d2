/**
 * Makes a copy of a document's present text, written by the server as a new document:
 * a lineage of its own, no history carried (rulings 20). The text never comes here; it
 * is copied where histories are computed.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { may, sideOf } from "../domain/access.ts";
import { titleLengthMax } from "../domain/documents.ts";
import type { DocumentId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { insertDocument, newDocumentIds } from "./create-document.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { spendAllowance } from "./spend-allowance.ts";

/** The title of a copy, cut so that it still fits. */
export function copyTitle(title: string): string {
  return [...`Copy of ${title}`].slice(0, titleLengthMax).join("");
}

/** Copies a document beside the original. Refuses `not-found`, `not-allowed` and `too-often`. */
export async function duplicateDocument(
  services: Pick<Services, "db" | "now" | "newId" | "histories">,
  asker: Asker,
  input: { readonly documentId: string },
): Promise<Result<{ documentId: DocumentId }>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  for (const action of ["document.read", "document.organise"] as const) {
    const allowed = may(actor, action, document);
    if (!allowed.ok) return allowed;
  }
  const spent = await spendAllowance(services, asker.userId, "document");
  if (!spent.ok) return spent;
  const ids = newDocumentIds(services.newId);
  const text = await services.histories.firstTextOfCopy(document.id, ids.clientId);
  if (!text.ok) return text;
  await insertDocument(services, {
    ...ids,
    partnershipId: document.partnershipId,
    parentId: document.parentId,
    meetingId: null,
    kind: document.kind,
    title: copyTitle(document.title),
    text: text.value,
    askedBy: asker.userId,
    side: sideOf(actor),
    actorKind: "server",
  });
  return ok({ documentId: ids.id });
}
