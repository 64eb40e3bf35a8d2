/** The versions of a document, and the form that names the present text. */
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Button, ButtonLink } from "../components/button.tsx";
import { FormField, FormRefusalNote, TextField } from "../components/form.tsx";
import { EmptyState, Note } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { VersionList } from "../components/version-list.tsx";
import { versionNameMax, versionNoteMax } from "../domain/documents.ts";
import type { Refusal } from "../domain/refusals.ts";
import { nameVersion } from "../operations/name-version.ts";
import { readVersionsPage } from "../operations/read-version-page.ts";
import { answerForm } from "../web/answer-form.server.ts";
import type { Form as SentForm } from "../web/forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { initOf, throwRefusal, viewOf } from "../web/refuse.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: page ? `Versions of ${page.document.title} · Two-Way` : "Two-Way" },
];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const before = Number.parseInt(new URL(request.url).searchParams.get("before") ?? "", 10);
  const page = await readVersionsPage(signedIn.services, signedIn, {
    documentId: params["id"] ?? "",
    ...(Number.isSafeInteger(before) ? { before } : {}),
  });
  if (!page.ok) return throwRefusal(page.refusal);
  return { ...page.value, once: signedIn.services.newId() };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  return answerForm({ request, context }, refused, async (signedIn, form) => {
    const documentId = params["id"] ?? "";
    const named = await nameVersion(signedIn.services, signedIn, {
      ...{ documentId, once: form.text("once") },
      ...typedIn(form),
    });
    if (named.ok) return redirect(`/documents/${documentId}/versions?named=${named.value.number}`);
    return refused(named.refusal, form);
  });
}

function typedIn(form: SentForm) {
  return { name: form.text("name"), note: form.text("note") };
}

function refused(refusal: Refusal, form: SentForm) {
  return data({ refusal: viewOf(refusal), typed: typedIn(form) }, initOf(refusal));
}

export default function Versions() {
  const page = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const [search] = useSearchParams();
  const { document, versions, hasMore, partnership } = page;
  const named = versions.find((version) => String(version.number) === search.get("named"));
  const oldest = versions.at(-1);
  return (
    <PlainPage
      title="Versions"
      lead="The text exactly as it stood at a moment, and who wrote since the one before. Versions are never changed."
      crumbs={[
        { label: partnership.title, to: `/partnerships/${partnership.slug}` },
        { label: document.title, to: `/documents/${document.id}` },
        { label: "Versions" },
      ]}
      tools={<ButtonLink to={`/documents/${document.id}`}>Open the document</ButtonLink>}
    >
      <div className="stack-wide">
        {named ? (
          <Note tone="agreed" isAnnounced title={`Version ${named.number} is kept as “${named.name}”`}>
            <p>
              <Link to={`/documents/${document.id}/versions/${named.id}`}>Open it</Link>
            </p>
          </Note>
        ) : null}
        {page.canName ? (
          <details className="disclosure" open={refused !== undefined || search.has("name")}>
            <summary className="btn btn-primary">Name the present text</summary>
            <Form method="post" className="panel panel-pad stack">
              <FormRefusalNote refusal={refused?.refusal ?? null} />
              <input type="hidden" name="once" value={page.once} />
              <FormField
                label="Name"
                name="name"
                autoFocus={search.has("name")}
                hint="Something both sides will recognise, such as “After exchange 3”."
                refusal={refused?.refusal ?? null}
                defaultValue={refused?.typed.name ?? ""}
                maxLength={versionNameMax + 50}
                autoComplete="off"
              />
              <TextField
                label="What it is about (optional)"
                name="note"
                refusal={refused?.refusal ?? null}
                defaultValue={refused?.typed.note ?? ""}
                maxLength={versionNoteMax + 500}
              />
              <p>
                <Button look="primary">Keep this version</Button>
              </p>
            </Form>
          </details>
        ) : null}
        {versions.length === 0 ? (
          <EmptyState title="No version yet">
            <p>
              Versions are kept by themselves while people write, and whenever somebody names one. Until then
              the present text is all there is.
            </p>
          </EmptyState>
        ) : (
          <VersionList documentId={document.id} versions={versions} />
        )}
        {hasMore && oldest ? (
          <p>
            <Link to={`/documents/${document.id}/versions?before=${oldest.number}`}>Older versions</Link>
          </p>
        ) : null}
      </div>
    </PlainPage>
  );
}
