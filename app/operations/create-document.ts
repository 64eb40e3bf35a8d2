/**
 * Makes a document with its template inside. Row, first log row, lease and checkpoint
 * are one transaction (promise D4): nobody ever opens a document whose template has
 * not arrived, and no browser writes one. The text itself is written where histories
 * are computed.
 */

import { actorInPartnership } from "../../db/queries/access.ts";
import { lastPosition, levelsOf } from "../../db/queries/documents.ts";
import { indexDocument } from "../../db/queries/search.ts";
import { createDocumentRows } from "../../db/update-log/create-document-rows.ts";
import type { FirstText } from "../document/first-text.ts";
import { schemaNumber } from "../document/schema-version.ts";
import { templateFor } from "../document/templates.ts";
import { may, sideOf } from "../domain/access.ts";
import { type DocumentKind, isDocumentKind, titleLengthMax, treeLevelsMax } from "../domain/documents.ts";
import { type DocumentId, isId, type PartnershipId, type UserId } from "../domain/ids.ts";
import { oneLine } from "../domain/one-line.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Side } from "../domain/sides.ts";
import { onceId } from "./once-id.ts";
import type { Database, Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { spendAllowance } from "./spend-allowance.ts";

export type NewDocument = {
  readonly partnershipId: string;
  readonly kind: string;
  readonly title: string;
  readonly parentId?: string | null;
  /** The exchange these notes belong to. */
  readonly meetingId?: string | null;
  /** Drawn with the form: the document's own id, so that a form sent twice makes one. */
  readonly once?: string;
};

/**
 * A title as it is kept: one line, no control characters, no space at the ends.
 * Refuses `empty-title` and `title-too-long`.
 */
export function cleanTitle(typed: string): Result<string> {
  const title = oneLine(typed);
  if (title === "") return refuse("empty-title", {}, "title");
  const length = [...title].length;
  if (length > titleLengthMax) return refuse("title-too-long", { max: titleLengthMax, length }, "title");
  return ok(title);
}

/**
 * Creates a document of a kind in a partnership, under `parentId` if given, last among
 * its siblings. Refuses `not-found` (also for a parent or exchange of another
 * partnership), `not-allowed`, `wrong-kind`, `empty-title`, `title-too-long`,
 * `document-archived` (the parent is) and `too-often`. The same form sent again is
 * answered with the document it made, and notes of an exchange that has some with those.
 */
export async function createDocument(
  services: Pick<Services, "db" | "now" | "newId" | "histories">,
  asker: Asker,
  input: NewDocument,
  made: { readonly actorKind: "server" | "demo" } = { actorKind: "server" },
): Promise<Result<{ documentId: DocumentId }>> {
  if (!isDocumentKind(input.kind)) return refuse("wrong-kind", {}, "kind");
  const actor = await actorInPartnership(services.db, asker.userId, input.partnershipId);
  if (actor === null) return refuse("not-found");
  const partnershipId = input.partnershipId as PartnershipId;
  const allowed = may(actor, "document.organise", { partnershipId });
  if (!allowed.ok) return allowed;
  const title = cleanTitle(input.title);
  if (!title.ok) return title;

  const parentId = input.parentId ?? null;
  if (parentId !== null) {
    const parent = await services.db
      .selectFrom("document")
      .select(["archived_at"])
      .where("id", "=", parentId)
      .where("partnership_id", "=", partnershipId)
      .executeTakeFirst();
    if (!parent) return refuse("not-found");
    if (parent.archived_at !== null) return refuse("document-archived");
    const { level } = await levelsOf(services.db, parentId, treeLevelsMax);
    if (level >= treeLevelsMax) return refuse("too-deep", { max: treeLevelsMax }, "parentId");
  }
  const meetingId = input.meetingId ?? null;
  if (meetingId !== null) {
    const meeting = await services.db
      .selectFrom("meeting")
      .select("id")
      .where("id", "=", meetingId)
      .where("partnership_id", "=", partnershipId)
      .executeTakeFirst();
    if (!meeting) return refuse("not-found");
  }

  // Demonstration data arrives all at once, under an injected clock.
  if (made.actorKind !== "demo") {
    const spent = await spendAllowance(services, asker.userId, "document");
    if (!spent.ok) return spent;
  }
  const { once, kind } = input;
  const ids = newDocumentIds(services.newId);
  const wish = [partnershipId, kind, title.value, parentId ?? "", meetingId ?? "", asker.userId];
  const document = {
    ...ids,
    id: isId(once) ? (onceId(once, "document", ...wish) as DocumentId) : ids.id,
    ...{ partnershipId, parentId, meetingId, kind, title: title.value },
    text: await services.histories.firstText(templateFor(kind), ids.clientId),
    askedBy: asker.userId,
    side: sideOf(actor),
    actorKind: made.actorKind,
  };
  return insertDocument(services, document, async (transaction) => {
    const still = await actorInPartnership(transaction, asker.userId, partnershipId);
    return still === null ? refuse("not-found") : may(still, "document.organise", { partnershipId });
  });
}

/** The notes of an exchange that are not archived, or null. Asks no rights. */
async function notesOfMeeting(db: Database, meetingId: string): Promise<DocumentId | null> {
  const notes = await db
    .selectFrom("document")
    .select("id")
    .where("meeting_id", "=", meetingId)
    .where("kind", "=", "exchange_notes")
    .where("archived_at", "is", null)
    .orderBy("number")
    .executeTakeFirst();
  return notes === undefined ? null : (notes.id as DocumentId);
}

/** What a document is known by. `clientId` is that of its first text. */
export type NewDocumentIds = {
  readonly id: DocumentId;
  readonly lineage: string;
  readonly epoch: string;
  readonly clientId: number;
};

export function newDocumentIds(newId: () => string): NewDocumentIds {
  return { id: newId() as DocumentId, lineage: newId(), epoch: newId(), clientId: freshClientId(newId()) };
}

/**
 * Everything that comes into being with a document, in one transaction. `judge` is asked in
 * it once more: writing the text takes a while in which a right may end. Refuses what it
 * refuses. Nothing is made, and the document that is there is the answer, where one has that
 * id (`onceId`: the same wish), and where an exchange has notes already: both sides write one
 * text.
 */
export async function insertDocument(
  services: Pick<Services, "db" | "now">,
  document: Omit<NewDocumentIds, "clientId"> & {
    readonly partnershipId: PartnershipId;
    readonly parentId: string | null;
    readonly meetingId: string | null;
    readonly kind: DocumentKind;
    readonly title: string;
    readonly text: FirstText;
    readonly askedBy: UserId;
    readonly side: Side | null;
    readonly actorKind: "server" | "import" | "demo";
  },
  judge: (transaction: Database) => Promise<Result<unknown>>,
): Promise<Result<{ documentId: DocumentId }>> {
  const { id, lineage, epoch } = document;
  const { clientId, update, stateVector, body, words } = document.text;
  const at = services.now();
  return services.db.transaction().execute(async (transaction: Database) => {
    const still = await judge(transaction);
    if (!still.ok) return still;
    const taken = await transaction
      .selectFrom("document")
      .select("id")
      .where("id", "=", id)
      .executeTakeFirst();
    if (taken) return ok({ documentId: id });
    const { meetingId, kind } = document;
    const notes =
      meetingId !== null && kind === "exchange_notes" ? await notesOfMeeting(transaction, meetingId) : null;
    if (notes !== null) return ok({ documentId: notes });
    const { number } = await transaction
      .insertInto("document")
      .values({
        id,
        partnership_id: document.partnershipId,
        parent_id: document.parentId,
        position: await lastPosition(transaction, document.partnershipId, document.parentId),
        kind: document.kind,
        title: document.title,
        meeting_id: document.meetingId,
        lineage_id: lineage,
        epoch,
        schema_number: schemaNumber,
        created_by: document.askedBy,
        created_at: at,
        archived_at: null,
        archived_by: null,
      })
      .returning("number")
      .executeTakeFirstOrThrow();
    await createDocumentRows(transaction, {
      document: number,
      epoch,
      lineage,
      schemaNumber,
      actorKind: document.actorKind,
      userId: document.askedBy,
      side: document.side,
      at,
      clientId,
      update,
      stateVector,
    });
    await transaction.insertInto("document_text").values({ document_id: id, seq: 1, body, words }).execute();
    await indexDocument(transaction, { number, title: document.title, body });
    return ok({ documentId: id });
  });
}

/**
 * A Yjs client id nobody has used: 32 bits out of a fresh UUID. Leases are per lineage
 * and this lineage is new, so it cannot be taken.
 */
export function freshClientId(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8), 16) || 1;
}
