/**
 * The pages that list a partnership's documents: by kind, by exchange, or archived.
 * Who may read what is `list-documents`; this adds who changed each last.
 */
import { lastChanges } from "../../db/queries/activity.ts";
import { type MeetingRow, meetingsOf } from "../../db/queries/meetings.ts";
import { partnershipForUser } from "../../db/queries/partnerships.ts";
import type { DocumentKind } from "../domain/documents.ts";
import type { PartnershipId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { type DocumentBranch, type DocumentList, listDocuments } from "./list-documents.ts";
import type { LastChangeView } from "./read-partnership-overview.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type DocumentsView = Pick<DocumentList, "archived" | "canOrganise" | "whyNone"> & {
  readonly partnership: { readonly id: PartnershipId; readonly slug: string; readonly title: string };
  /** Trees whose roots are of the wanted kind; the whole tree when no kind is wanted. */
  readonly documents: readonly DocumentBranch[];
  readonly lastChangeOf: Readonly<Record<string, LastChangeView>>;
  readonly meetings: readonly MeetingRow[];
  readonly now: number;
};

/** The highest documents of a kind, each with all that stands below it. */
export function branchesOfKind(
  tree: readonly DocumentBranch[],
  kind: DocumentKind,
): readonly DocumentBranch[] {
  return tree.flatMap((branch) => (branch.kind === kind ? [branch] : branchesOfKind(branch.children, kind)));
}

/** Refuses `not-found`. An observer gets empty lists and the sentence that says why. */
export async function readDocuments(
  services: Pick<Services, "db" | "now">,
  asker: Asker,
  input: { readonly slug: string; readonly kind: DocumentKind | null },
): Promise<Result<DocumentsView>> {
  const partnership = await partnershipForUser(services.db, asker.userId, input.slug);
  if (partnership === null) return refuse("not-found");
  const listed = await listDocuments(services, asker, { partnershipId: partnership.id });
  if (!listed.ok) return listed;
  const { documents, archived, canOrganise, whyNone } = listed.value;
  const changes = whyNone === null ? await lastChanges(services.db, [partnership.id]) : new Map();
  return ok({
    partnership: { id: partnership.id, slug: partnership.slug, title: partnership.title },
    documents: input.kind === null ? documents : branchesOfKind(documents, input.kind),
    archived,
    canOrganise,
    whyNone,
    lastChangeOf: Object.fromEntries(
      [...changes].map(([id, change]) => [id, { by: change.userName, side: change.side, at: change.at }]),
    ),
    meetings: await meetingsOf(services.db, [partnership.id]),
    now: services.now(),
  });
}
