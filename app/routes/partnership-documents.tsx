/** Plans, case studies and pages of a partnership: one page for three addresses, told apart by the last part. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { ArchivedToast, DocumentMenu, NewDocument } from "../components/document-forms.tsx";
import { type DocumentLine, DocumentTree } from "../components/document-tree.tsx";
import { FormRefusalNote } from "../components/form.tsx";
import { EmptyState, Note } from "../components/parts.tsx";
import { Page } from "../components/shell.tsx";
import type { DocumentKind } from "../domain/documents.ts";
import { readDocuments } from "../operations/read-documents.ts";
import { runDocumentForm } from "../web/document-forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusalHeaders, throwRefusal } from "../web/refuse.server.ts";

type Shelf = {
  readonly kind: DocumentKind;
  readonly title: string;
  readonly lead: string;
  readonly add: string;
  readonly hint: string;
  readonly none: string;
};

const shelves: Readonly<Record<string, Shelf>> = {
  plans: {
    kind: "curriculum_plan",
    title: "Plans",
    lead: "A curriculum plan says what is taught, when and why, and how it leads to work. Both sides write in the same text.",
    add: "New plan",
    hint: "For example: Level 3 curriculum plan, starting September",
    none: "No plan yet",
  },
  "case-studies": {
    kind: "case_study",
    title: "Case studies",
    lead: "A case study tells what both sides did and what came of it.",
    add: "New case study",
    hint: "For example: What the first year taught us",
    none: "No case study yet",
  },
  pages: {
    kind: "page",
    title: "Pages",
    lead: "Free pages for whatever belongs to the partnership and is no plan: terms of reference, visit notes, lists.",
    add: "New page",
    hint: "For example: What learners meet on site",
    none: "No page yet",
  },
};

function shelfOf(url: string): { place: string; shelf: Shelf } | null {
  const place =
    new URL(url).pathname
      .replace(/\/+$/, "")
      .replace(/\.data$/, "")
      .split("/")
      .at(-1) ?? "";
  const shelf = Object.hasOwn(shelves, place) ? shelves[place] : undefined;
  return shelf ? { place, shelf } : null;
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.shelf.title} · ${data.partnership.title} · Two-Way` : "Two-Way" },
];
export const headers = refusalHeaders;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const found = shelfOf(request.url);
  if (found === null) return throwRefusal({ code: "not-found", facts: {} });
  const { shelf } = found;
  const documents = await readDocuments(signedIn.services, signedIn, {
    slug: params["slug"] ?? "",
    kind: shelf.kind,
  });
  if (!documents.ok) return throwRefusal(documents.refusal);
  return { shelf, ...documents.value, once: signedIn.services.newId() };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const slug = params["slug"] ?? "";
  const place = shelfOf(request.url)?.place ?? "plans";
  return runDocumentForm({ request, context }, { slug, back: `/partnerships/${slug}/${place}` });
}

function flat(documents: readonly DocumentLine[]): readonly DocumentLine[] {
  return documents.flatMap((document) => [document, ...flat(document.children)]);
}

export default function PartnershipDocuments() {
  const { shelf, documents, archived, canOrganise, whyNone, lastChangeOf, now, partnership, once } =
    useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const [search] = useSearchParams();
  const justArchived = archived.find(({ id }) => id === search.get("archived"));
  const creating = refused?.intent === "create" ? refused : null;
  return (
    <Page
      title={shelf.title}
      lead={shelf.lead}
      crumbs={[{ label: partnership.title, to: `/partnerships/${partnership.slug}` }, { label: shelf.title }]}
    >
      <div className="stack">
        {justArchived ? <ArchivedToast documentId={justArchived.id} title={justArchived.title} /> : null}
        {refused && refused.intent !== "create" ? (
          <FormRefusalNote refusal={{ ...refused.refusal, field: null }} />
        ) : null}
        {whyNone ? (
          <Note title="Not open to observers yet" icon="lock">
            <p>{whyNone}</p>
          </Note>
        ) : documents.length === 0 ? (
          <EmptyState title={shelf.none}>
            <p>
              {canOrganise
                ? "Give it a title, and start from headings that others found useful."
                : "When someone of either side starts one, it stands here."}
            </p>
          </EmptyState>
        ) : (
          <DocumentTree
            documents={documents}
            lastChangeOf={lastChangeOf}
            now={now}
            tools={(document) => <DocumentMenu document={document} canOrganise={canOrganise} once={once} />}
          />
        )}
        {canOrganise ? (
          <NewDocument
            // The form is drawn anew for each shelf, so that nothing typed wanders along.
            key={shelf.kind}
            kind={shelf.kind}
            label={shelf.add}
            hint={shelf.hint}
            once={once}
            parents={shelf.kind === "page" ? flat(documents) : []}
            isOpen={search.has("new") || documents.length === 0}
            refusal={creating?.refusal ?? null}
            typed={creating?.typed ?? {}}
          />
        ) : null}
      </div>
    </Page>
  );
}
