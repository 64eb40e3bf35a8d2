/**
 * What the page of a document needs: its facts, whether the asker may write and if
 * not why, the text for the first paint, people to mention. Opening writes nothing
 * into the document (promise D6); only the visit is remembered.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { type MemberName, peopleOfPartnership, recordVisit } from "../../db/queries/documents.ts";
import { schemaNumber } from "../document/schema-version.ts";
import { may, sideOf } from "../domain/access.ts";
import type { DocumentKind } from "../domain/documents.ts";
import type { DocumentId, PartnershipId } from "../domain/ids.ts";
import { type Recovery, recoveryOf } from "../domain/recovery.ts";
import { sentenceOf } from "../domain/refusals.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Side } from "../domain/sides.ts";
import type { DrawnText } from "../export/drawn-text.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type OpenedDocument = {
  readonly id: DocumentId;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly isArchived: boolean;
  readonly partnership: {
    readonly id: PartnershipId;
    readonly slug: string;
    readonly title: string;
    readonly isIllustrative: boolean;
    readonly programmeSlug: string;
    readonly programmeTitle: string;
  };
  /** From the top of the tree down to the parent. */
  readonly above: readonly { readonly id: DocumentId; readonly title: string }[];
  readonly exchange: { readonly number: number; readonly title: string; readonly startsAt: number } | null;
  readonly epoch: string;
  /** After a backup was brought back, browsers offer what they hold from after it (rulings 18). */
  readonly recovery: Recovery;
  /** Of the editor this server serves. */
  readonly schemaNumber: number;
  readonly canWrite: boolean;
  /** The sentence that says why not, and who can change that; null when one may. */
  readonly whyNotWrite: string | null;
  readonly canOrganise: boolean;
  readonly canName: boolean;
  readonly canRestore: boolean;
  readonly canExport: boolean;
  readonly canAddImages: boolean;
  readonly side: Side | null;
  readonly people: readonly MemberName[];
  /** The durable text for the first paint and for readers; null when it cannot be read now. */
  readonly text: DrawnText | null;
  readonly whyNoText: string | null;
};

/** Refuses `not-found` and `observer-waits`. */
export async function openDocument(
  services: Pick<Services, "db" | "now" | "histories">,
  asker: Asker,
  input: { readonly documentId: string },
): Promise<Result<OpenedDocument>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "document.read", document);
  if (!allowed.ok) return allowed;

  const partnership = await services.db
    .selectFrom("partnership")
    .innerJoin("programme", "programme.id", "partnership.programme_id")
    .select([
      "partnership.slug",
      "partnership.title",
      "partnership.is_illustrative",
      "programme.slug as programme_slug",
      "programme.title as programme_title",
    ])
    .where("partnership.id", "=", document.partnershipId)
    .executeTakeFirstOrThrow();
  const meeting =
    document.meetingId === null
      ? undefined
      : await services.db
          .selectFrom("meeting")
          .select(["number", "title", "starts_at"])
          .where("id", "=", document.meetingId)
          .executeTakeFirst();

  const above: { id: DocumentId; title: string }[] = [];
  const seen = new Set<string>([document.id]);
  let parentId: string | null = document.parentId;
  while (parentId !== null && !seen.has(parentId)) {
    seen.add(parentId);
    const parent: { id: string; title: string; parent_id: string | null } | undefined = await services.db
      .selectFrom("document")
      .select(["id", "title", "parent_id"])
      .where("id", "=", parentId)
      .where("partnership_id", "=", document.partnershipId)
      .executeTakeFirst();
    if (!parent) break;
    above.unshift({ id: parent.id as DocumentId, title: parent.title });
    parentId = parent.parent_id;
  }

  const text = await drawnText(services, document.id);
  await recordVisit(services.db, asker.userId, document.id, services.now());
  const write = may(actor, "document.write", document);
  const can = (action: Parameters<typeof may>[1]) => may(actor, action, document).ok;
  return ok({
    id: document.id,
    title: document.title,
    kind: document.kind,
    isArchived: document.isArchived,
    partnership: {
      id: document.partnershipId,
      slug: partnership.slug,
      title: partnership.title,
      isIllustrative: partnership.is_illustrative === 1,
      programmeSlug: partnership.programme_slug,
      programmeTitle: partnership.programme_title,
    },
    above,
    exchange: meeting ? { number: meeting.number, title: meeting.title, startsAt: meeting.starts_at } : null,
    epoch: document.epoch,
    recovery: recoveryOf(document.recoveringUntil, services.now()),
    schemaNumber,
    canWrite: write.ok,
    whyNotWrite: write.ok ? null : sentenceOf(write.refusal),
    canOrganise: can("document.organise"),
    canName: can("version.name"),
    canRestore: can("version.restore"),
    canExport: can("document.export"),
    canAddImages: can("image.add"),
    side: sideOf(actor),
    people: await peopleOfPartnership(services.db, document.partnershipId),
    text: text.ok ? text.value : null,
    whyNoText: text.ok ? null : sentenceOf(text.refusal),
  });
}

/** The editor loads the text itself, so a text that cannot be drawn costs nobody their page. */
async function drawnText(services: Pick<Services, "histories">, documentId: DocumentId) {
  try {
    return await services.histories.drawPresent(documentId);
  } catch {
    // The histories have reported it; what the page says is that the past cannot be read.
    return refuse("history-damaged");
  }
}
