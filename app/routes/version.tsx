/** One version: its frozen text, where it comes from, and how to bring it back or take it away. */
import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Button, ButtonLink } from "../components/button.tsx";
import { FormRefusalNote } from "../components/form.tsx";
import { Facts, Illustrative, Note } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { By } from "../components/side.tsx";
import { Authors, versionAndName, versionKindNames } from "../components/version-list.tsx";
import { formatDate, formatDateTime } from "../domain/dates.ts";
import { documentKindNames } from "../domain/documents.ts";
import type { Refusal } from "../domain/refusals.ts";
import { readVersionPage } from "../operations/read-version-page.ts";
import { restoreVersion } from "../operations/restore-version.ts";
import { answerForm } from "../web/answer-form.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusedForm, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `Version ${data.version.number} of ${data.document.title} · Two-Way` : "Two-Way" },
];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const page = await readVersionPage(signedIn.services, signedIn, {
    documentId: params["id"] ?? "",
    versionId: params["versionId"] ?? "",
  });
  if (!page.ok) return throwRefusal(page.refusal);
  return page.value;
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const refused = (refusal: Refusal) => refusedForm(refusal);
  return answerForm({ request, context }, refused, async (signedIn) => {
    const documentId = params["id"] ?? "";
    const restored = await restoreVersion(signedIn.services, signedIn, {
      documentId,
      versionId: params["versionId"] ?? "",
    });
    if (!restored.ok) return refused(restored.refusal);
    const { versionId, restoredNumber } = restored.value;
    return redirect(`/documents/${documentId}/versions/${versionId}?back=${restoredNumber}`);
  });
}

type VersionPage = ReturnType<typeof useLoaderData<typeof loader>>;

/** SHA-256 in groups of four, the first six of them: enough to compare by eye. */
function shortHash(hash: string): string {
  return (
    hash
      .slice(0, 24)
      .match(/.{1,4}/g)
      ?.join(" ") ?? hash
  );
}

/** Text that somebody typed while the version came back, whose place is gone. */
function KeptApart({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <Note tone="warning" title="Some words are kept apart">
      <p>
        They were typed while this version was brought back, and their place was removed. Copy them to where
        they belong.
      </p>
      {texts.map((text) => (
        <blockquote className="kept-apart" key={text}>
          {text}
        </blockquote>
      ))}
    </Note>
  );
}

/** In place of a text that somebody had erased; what is known about it stands beside it. */
function Erased({ at }: { at: number }) {
  return (
    <Note tone="warning" title={`The text of this version was erased on ${formatDate(at)}`}>
      <p>
        That it existed, and who wrote, stays on record. The present text of the document is not affected.
      </p>
    </Note>
  );
}

function Aside({ page }: { page: VersionPage }) {
  const { version, document, canRestore, canExport, isArchived } = page;
  const refused = useActionData<typeof action>();
  const address = `/documents/${document.id}/versions/${version.id}`;
  return (
    <aside className="version-side" aria-label="About this version">
      <section id="about">
        <h2>About this version</h2>
        <div className="profile">
          <Facts
            facts={[
              ["Kept", formatDateTime(version.createdAt)],
              [
                "By",
                version.createdBy ? (
                  <By key="by" side={version.createdBy.side}>
                    {version.createdBy.name}
                  </By>
                ) : (
                  "Two-Way, while people wrote"
                ),
              ],
              ["Why", version.name ? version.note : versionKindNames[version.kind]],
              [
                "Text of",
                version.restoredFrom ? (
                  <Link key="source" to={`/documents/${document.id}/versions/${version.restoredFrom.id}`}>
                    {versionAndName(version.restoredFrom)}
                  </Link>
                ) : null,
              ],
              ["Length", `${version.words.toLocaleString("en-GB")} words`],
              ["Wrote since", <Authors key="authors" authors={version.authors} />],
              [
                "Fingerprint",
                <span key="hash" className="fingerprint" title={version.contentHash}>
                  {shortHash(version.contentHash)}
                </span>,
              ],
            ]}
          />
        </div>
      </section>
      {canRestore && !isArchived && version.erasedAt === null ? (
        <section className="stack">
          <h2>Bring this back</h2>
          <FormRefusalNote refusal={refused ? { ...refused.refusal, field: null } : null} />
          <p className="small">
            Makes this the present text again. It is a change like any other: the text as it is now stays
            among the versions, and what others are typing meanwhile is kept.
          </p>
          <Form method="post">
            <Button icon="undo">Bring this back</Button>
          </Form>
        </section>
      ) : null}
      {canExport && version.erasedAt === null ? (
        <section className="stack">
          <h2>Take it away</h2>
          <p className="small">One file that says which version it is. The web page prints cleanly on A4.</p>
          <div className="btn-row">
            <ButtonLink small icon="download" isFile to={`${address}/export.html`}>
              Web page
            </ButtonLink>
            <ButtonLink small icon="download" isFile to={`${address}/export.md`}>
              Markdown
            </ButtonLink>
          </div>
        </section>
      ) : null}
    </aside>
  );
}

export default function Version() {
  const page = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const { version, document, partnership, kind, html } = page;
  const back = search.get("back");
  return (
    <PlainPage
      isName
      title={version.name ?? `Version ${version.number}`}
      above={version.name ? `Version ${version.number}` : undefined}
      crumbs={[
        { label: partnership.title, to: `/partnerships/${partnership.slug}` },
        { label: document.title, to: `/documents/${document.id}` },
        { label: "Versions", to: `/documents/${document.id}/versions` },
        { label: `Version ${version.number}` },
      ]}
      tools={
        <>
          <Link className="btn only-narrow" to="#about">
            About this version
          </Link>
          <ButtonLink to={`/documents/${document.id}`}>Open the document</ButtonLink>
        </>
      }
    >
      <div className="stack">
        {back !== null && version.kind === "restored" ? (
          <Note
            tone="agreed"
            isAnnounced
            title={`Version ${version.restoredFrom?.number ?? ""} is the present text again`}
          >
            <p>
              {version.restoredFrom?.name ? `It is named “${version.restoredFrom.name}”. ` : ""}
              Nothing is lost: the text as it was before stands among the versions.
            </p>
          </Note>
        ) : null}
        <KeptApart texts={version.keptApart} />
        <div className="version-page">
          <article className="sheet doc" aria-label={`Text of version ${version.number}`}>
            <p className="title">{document.title}</p>
            <p className="docmeta">
              <span>{documentKindNames[kind]}</span>
              <span>Version {version.number}</span>
              <span>{formatDateTime(version.createdAt)}</span>
              {partnership.isIllustrative ? <Illustrative /> : null}
            </p>
            {html === null ? <Erased at={version.erasedAt ?? version.createdAt} /> : null}
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: drawn on the server by our own renderer, which escapes every text and knows a closed set of elements */}
            <div className="doc-body" dangerouslySetInnerHTML={{ __html: html ?? "" }} />
          </article>
          <Aside page={page} />
        </div>
      </div>
    </PlainPage>
  );
}
