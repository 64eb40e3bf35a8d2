/** Archived documents: out of the way, still readable, brought back with one click. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormRefusalNote } from "../components/form.tsx";
import { EmptyState } from "../components/parts.tsx";
import { Page } from "../components/shell.tsx";
import { Table } from "../components/table.tsx";
import { formatDateTime } from "../domain/dates.ts";
import { documentKindNames } from "../domain/documents.ts";
import { readDocuments } from "../operations/read-documents.ts";
import { runDocumentForm } from "../web/document-forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusalHeaders, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `Archived · ${data.partnership.title} · Two-Way` : "Two-Way" },
];
export const headers = refusalHeaders;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const documents = await readDocuments(signedIn.services, signedIn, {
    slug: params["slug"] ?? "",
    kind: null,
  });
  if (!documents.ok) return throwRefusal(documents.refusal);
  const { partnership, archived, canOrganise } = documents.value;
  return { partnership, archived, canOrganise };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const slug = params["slug"] ?? "";
  return runDocumentForm({ request, context }, { slug, back: `/partnerships/${slug}/archived` });
}

export default function PartnershipArchived() {
  const { partnership, archived, canOrganise } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  return (
    <Page
      title="Archived"
      lead="Nothing is deleted by archiving. The text and all its versions stay; nobody can change it until it is brought back."
      crumbs={[{ label: partnership.title, to: `/partnerships/${partnership.slug}` }, { label: "Archived" }]}
    >
      <div className="stack">
        <FormRefusalNote refusal={refused ? { ...refused.refusal, field: null } : null} />
        {archived.length === 0 ? (
          <EmptyState title="Nothing is archived">
            <p>Documents that are done with can be archived from their menu in a list.</p>
          </EmptyState>
        ) : (
          <Table
            caption="Archived documents"
            rows={archived}
            rowKey={(document) => document.id}
            columns={[
              {
                heading: "Document",
                cell: (document) => <Link to={`/documents/${document.id}`}>{document.title}</Link>,
              },
              { heading: "Kind", cell: (document) => documentKindNames[document.kind] },
              {
                heading: "Archived",
                cell: (document) => (document.archivedAt === null ? "" : formatDateTime(document.archivedAt)),
                isFigure: true,
              },
              {
                heading: "Bring back",
                isAction: true,
                cell: (document) =>
                  canOrganise ? (
                    <Form method="post">
                      <input type="hidden" name="intent" value="bring-back" />
                      <input type="hidden" name="documentId" value={document.id} />
                      <Button small icon="undo">
                        Bring this back<span className="vh">: {document.title}</span>
                      </Button>
                    </Form>
                  ) : (
                    ""
                  ),
              },
            ]}
          />
        )}
      </div>
    </Page>
  );
}
