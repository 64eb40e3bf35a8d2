/** Exchanges of a partnership by date, each with its notes. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { ArchivedToast, DocumentMenu, NewDocument } from "../components/document-forms.tsx";
import { DocumentTree } from "../components/document-tree.tsx";
import { ExchangeTable } from "../components/exchange-table.tsx";
import { FormRefusalNote } from "../components/form.tsx";
import { EmptyState, Note } from "../components/parts.tsx";
import { Page } from "../components/shell.tsx";
import { readDocuments } from "../operations/read-documents.ts";
import { runDocumentForm } from "../web/document-forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusalHeaders, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `Exchanges · ${data.partnership.title} · Two-Way` : "Two-Way" },
];
export const headers = refusalHeaders;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const documents = await readDocuments(signedIn.services, signedIn, {
    slug: params["slug"] ?? "",
    kind: "exchange_notes",
  });
  if (!documents.ok) return throwRefusal(documents.refusal);
  return { ...documents.value, once: signedIn.services.newId() };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const slug = params["slug"] ?? "";
  return runDocumentForm({ request, context }, { slug, back: `/partnerships/${slug}/exchanges` });
}

/** What notes of an exchange are called until somebody renames them. */
function titleOfNotes({ number, title }: { number: number; title: string }): string {
  return `Exchange ${number}: ${title}`;
}

export default function PartnershipExchanges() {
  const { meetings, documents, archived, canOrganise, whyNone, lastChangeOf, now, partnership, once } =
    useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const [search] = useSearchParams();
  const justArchived = archived.find(({ id }) => id === search.get("archived"));
  const notesOf = (meetingId: string) => documents.filter((document) => document.meetingId === meetingId);
  const others = documents.filter(
    (document) => !meetings.some((meeting) => meeting.id === document.meetingId),
  );
  return (
    <Page
      title="Exchanges"
      lead="An exchange is a meeting in which leaders of both sides decide what the plan shall say. Both sides write the notes."
      crumbs={[{ label: partnership.title, to: `/partnerships/${partnership.slug}` }, { label: "Exchanges" }]}
    >
      <div className="stack">
        {justArchived ? <ArchivedToast documentId={justArchived.id} title={justArchived.title} /> : null}
        {refused && refused.intent !== "create" ? (
          <FormRefusalNote refusal={{ ...refused.refusal, field: null }} />
        ) : null}
        {whyNone ? (
          <Note title="The notes are not open to observers yet" icon="lock">
            <p>{whyNone}</p>
          </Note>
        ) : null}
        {meetings.length === 0 ? (
          <EmptyState title="No exchange recorded yet">
            <p>Dates and titles of exchanges stand here, with the notes both sides write about them.</p>
          </EmptyState>
        ) : (
          <ExchangeTable
            meetings={meetings}
            notes={(meeting) => {
              const notes = notesOf(meeting.id);
              if (notes.length > 0) {
                return (
                  <ul className="plain">
                    {notes.map((document) => (
                      <li key={document.id} className="notes-line">
                        <Link to={`/documents/${document.id}`}>
                          {document.title === titleOfNotes(meeting) ? (
                            <>
                              Open the notes<span className="vh"> of exchange {meeting.number}</span>
                            </>
                          ) : (
                            <span className="breaks">{document.title}</span>
                          )}
                        </Link>
                        <DocumentMenu document={document} canOrganise={canOrganise} once={once} />
                      </li>
                    ))}
                  </ul>
                );
              }
              if (!canOrganise || meeting.state === "cancelled") return <span className="muted">None</span>;
              return (
                <Form method="post">
                  <input type="hidden" name="intent" value="create" />
                  <input type="hidden" name="kind" value="exchange_notes" />
                  <input type="hidden" name="meetingId" value={meeting.id} />
                  <input type="hidden" name="title" value={titleOfNotes(meeting)} />
                  <Button small>
                    Write notes<span className="vh"> of exchange {meeting.number}</span>
                  </Button>
                </Form>
              );
            }}
          />
        )}
        {others.length > 0 ? (
          <section aria-labelledby="other-notes" className="section-gap">
            <h2 id="other-notes">Other notes</h2>
            <DocumentTree
              documents={others}
              lastChangeOf={lastChangeOf}
              now={now}
              tools={(document) => <DocumentMenu document={document} canOrganise={canOrganise} once={once} />}
            />
          </section>
        ) : null}
        {canOrganise ? (
          <NewDocument
            kind="exchange_notes"
            label="New notes"
            hint="For example: Exchange 1, what the plan is for"
            parents={[]}
            once={once}
            isOpen={search.has("new") || refused?.intent === "create"}
            refusal={refused?.intent === "create" ? refused.refusal : null}
            typed={refused?.intent === "create" ? refused.typed : {}}
          />
        ) : null}
      </div>
    </Page>
  );
}
