/**
 * Makes a copy of a document's present text, written by the server as a new document:
 * a lineage of its own, no history carried (rulings 20), new block ids so that a
 * reference always means one place.
 */

import { documentForUser } from "../../db/queries/access.ts";
import { pushAll } from "../document/push-all.ts";
import { may, sideOf } from "../domain/access.ts";
import { titleLengthMax } from "../domain/documents.ts";
import type { DocumentId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { insertDocument } from "./create-document.ts";
import type { DocumentJson, Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** The same JSON with a new `blockId` wherever there is one. Walks without recursion: depth is not ours to trust. */
export function withFreshBlockIds(json: DocumentJson, newId: () => string): DocumentJson {
  const copy = structuredClone(json) as { content?: unknown[] };
  const waiting: unknown[] = [copy];
  while (waiting.length > 0) {
    const node = waiting.pop() as { attrs?: Record<string, unknown>; content?: unknown };
    if (typeof node !== "object" || node === null) continue;
    if (typeof node.attrs?.blockId === "string") node.attrs.blockId = newId();
    if (Array.isArray(node.content)) pushAll(waiting, node.content);
  }
  return copy as DocumentJson;
}

/** The title of a copy, cut so that it still fits. */
export function copyTitle(title: string): string {
  return [...`Copy of ${title}`].slice(0, titleLengthMax).join("");
}

/** Copies a document beside the original. Refuses `not-found`, `not-allowed`, `history-damaged`. */
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
  const present = await services.histories.readPresent(document.id);
  if (!present.ok) return present;
  const documentId = await insertDocument(services, {
    partnershipId: document.partnershipId,
    parentId: document.parentId,
    meetingId: null,
    kind: document.kind,
    title: copyTitle(document.title),
    json: withFreshBlockIds(present.value.json, services.newId),
    askedBy: asker.userId,
    side: sideOf(actor),
    actorKind: "server",
  });
  return ok({ documentId });
}
