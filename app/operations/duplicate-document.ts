/**
 * Makes a copy of a document's present text, written by the server as a new document:
 * a lineage of its own, no history carried (rulings 20). The text never comes here; it
 * is copied where histories are computed.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { may, sideOf } from "../domain/access.ts";
import { titleLengthMax } from "../domain/documents.ts";
import { type DocumentId, isId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { insertDocument, newDocumentIds } from "./create-document.ts";
import { onceId } from "./once-id.ts";
import type { Database, Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { spendAllowance } from "./spend-allowance.ts";

/** The title of a copy, cut so that it still fits. */
export function copyTitle(title: string): string {
  return [...`Copy of ${title}`].slice(0, titleLengthMax).join("");
}

async function isThere(db: Database, id: DocumentId): Promise<boolean> {
  const there = await db.selectFrom("document").select("id").where("id", "=", id).executeTakeFirst();
  return there !== undefined;
}

/** A copy is read from one document and put beside it. */
function mayCopy({ actor, document }: NonNullable<Awaited<ReturnType<typeof documentForUser>>>) {
  const reading = may(actor, "document.read", document);
  return reading.ok ? may(actor, "document.organise", document) : reading;
}

/**
 * Copies a document beside the original. Refuses `not-found`, `not-allowed` and
 * `too-often`. The same form sent again is answered with the copy it made.
 */
export async function duplicateDocument(
  services: Pick<Services, "db" | "now" | "newId" | "histories">,
  asker: Asker,
  input: {
    readonly documentId: string;
    /** Drawn with the form, so that a form sent twice makes one copy. */
    readonly once?: string;
  },
): Promise<Result<{ documentId: DocumentId }>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = mayCopy(found);
  if (!allowed.ok) return allowed;
  // A page of many documents draws one `once` for all of their forms.
  const made = isId(input.once)
    ? (onceId(input.once, "copy", document.id, asker.userId) as DocumentId)
    : null;
  if (made !== null && (await isThere(services.db, made))) return ok({ documentId: made });
  const spent = await spendAllowance(services, asker.userId, "document");
  if (!spent.ok) return spent;
  const ids = newDocumentIds(services.newId);
  const text = await services.histories.firstTextOfCopy(document.id, ids.clientId);
  if (!text.ok) return text;
  const copy = {
    ...ids,
    id: made ?? ids.id,
    partnershipId: document.partnershipId,
    parentId: document.parentId,
    meetingId: null,
    kind: document.kind,
    title: copyTitle(document.title),
    text: text.value,
    askedBy: asker.userId,
    side: sideOf(actor),
    actorKind: "server",
  } as const;
  return insertDocument(services, copy, async (transaction) => {
    const still = await documentForUser(transaction, asker.userId, document.id);
    return still === null ? refuse("not-found") : mayCopy(still);
  });
}
