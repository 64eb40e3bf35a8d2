/** Search over titles and texts: the passages with the found words marked, by partnership. */
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormRefusalNote } from "../components/form.tsx";
import { Icon } from "../components/icon.tsx";
import { EmptyState } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { hashForWords, rememberWords } from "../components/words-to-find.ts";
import { documentKindNames } from "../domain/documents.ts";
import { type SearchResult, searchDocuments } from "../operations/search-documents.ts";
import { readForm } from "../web/forms.server.ts";
import { requireUser, type SignedIn } from "../web/guard.server.ts";
import { initOf, refusalHeaders, viewOf } from "../web/refuse.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: page?.typed ? `“${page.typed}” · Search · Two-Way` : "Search · Two-Way" },
];
export const headers = refusalHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const typed = new URL(request.url).searchParams.get("q")?.trim() ?? "";
  return find(signedIn, typed);
}

/** The same with the words in the body: on a shared computer none may stay in an address (promise W12). */
export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const form = await readForm(request);
  return find(signedIn, form.text("q"));
}

async function find(signedIn: SignedIn, typed: string) {
  const { isSharedComputer } = signedIn;
  const found = await searchDocuments(signedIn.services, signedIn, { typed });
  if (found.ok) return data({ ...found.value, isSharedComputer, refusal: null });
  // On this page and not on one of its own: the words stay in the field, to be sent again.
  const nothing: SearchResult = { typed, hits: [], hasMore: false };
  return data({ ...nothing, isSharedComputer, refusal: viewOf(found.refusal) }, initOf(found.refusal));
}

type Hit = ReturnType<typeof useLoaderData<typeof loader>>["hits"][number];

/** Pieces of text in order; found words are marked. */
function Marked({ parts }: { parts: Hit["passage"] }) {
  let from = 0;
  return parts.map((part) => {
    const key = from;
    from += part.text.length;
    return part.isFound ? <mark key={key}>{part.text}</mark> : <span key={key}>{part.text}</span>;
  });
}

/** Each leads to the passage it shows. `isForgetful`: without a trace of the words in the browser. */
function Hits({ hits, typed, isForgetful }: { hits: readonly Hit[]; typed: string; isForgetful: boolean }) {
  const titles = [...new Set(hits.map((hit) => hit.partnershipTitle))];
  return titles.map((title) => (
    <section key={title} className="hits" aria-label={title}>
      <h2 className="title-s">{title}</h2>
      <ul className="rows">
        {hits
          .filter((hit) => hit.partnershipTitle === title)
          .map((hit) => (
            <li key={hit.documentId}>
              <p className="label">
                {documentKindNames[hit.kind]}
                {hit.isArchived ? ", archived" : ""}
              </p>
              <Link
                className="hit-title"
                to={{
                  pathname: `/documents/${hit.documentId}`,
                  hash: isForgetful ? "" : hashForWords(typed),
                }}
                onClick={isForgetful ? () => rememberWords(hit.documentId, typed) : undefined}
              >
                <Marked parts={hit.title} />
              </Link>
              <p className="passage">
                <Marked parts={hit.passage} />
              </p>
            </li>
          ))}
      </ul>
    </section>
  ));
}

export default function Search() {
  const asked = useLoaderData<typeof loader>();
  const { typed, hits, hasMore, isSharedComputer, refusal } = useActionData<typeof action>() ?? asked;
  return (
    <PlainPage title="Search">
      <Form
        method={isSharedComputer ? "post" : "get"}
        className="search-form"
        role="search"
        aria-label="Titles and texts"
      >
        <input
          className="input"
          type="search"
          name="q"
          key={typed}
          defaultValue={typed}
          aria-label="Words to find"
          placeholder="Words in titles and texts"
          data-main-search=""
          autoComplete="off"
        />
        <Button look="primary">
          <Icon name="search" />
          Search
        </Button>
      </Form>
      {refusal ? (
        <FormRefusalNote refusal={refusal} />
      ) : typed === "" ? (
        <EmptyState title="Find a passage">
          <p>
            All the words you type must occur; the last one may be the beginning of a word. You find what you
            may read, in every partnership you belong to.
          </p>
        </EmptyState>
      ) : hits.length === 0 ? (
        <EmptyState title={`Nothing found for “${typed}”`}>
          <p>Try fewer words, or the beginning of a word. Texts of other partnerships are never searched.</p>
        </EmptyState>
      ) : (
        <>
          <p className="small muted shown" role="status">
            {hits.length} {hits.length === 1 ? "document" : "documents"}
            {hasMore ? ", more than are shown: add a word" : ""}
          </p>
          <Hits hits={hits} typed={typed} isForgetful={isSharedComputer} />
        </>
      )}
    </PlainPage>
  );
}
