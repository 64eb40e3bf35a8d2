/** The page of a document: `/documents/<id>`. Reading and writing are one page. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { type ShouldRevalidateFunctionArgs, useActionData, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Menu } from "../components/menu.tsx";
import { Illustrative } from "../components/parts.tsx";
import { SkipLink } from "../components/shell.tsx";
import { SideName } from "../components/side.tsx";
import { formatDate } from "../domain/dates.ts";
import { type DocumentKind, documentKindNames } from "../domain/documents.ts";
import type { Refusal } from "../domain/refusals.ts";
import { isSide, writingSides } from "../domain/sides.ts";
import { DocumentDesk } from "../editor/document-desk.tsx";
import { openDocument } from "../operations/open-document.ts";
import { renameDocument } from "../operations/rename-document.ts";
import { answerForm } from "../web/answer-form.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusedForm, throwRefusal } from "../web/refuse.server.ts";
import "../styles/editor.css";

/** The editor is a tool of its own: no shell around it. */
export const handle = { frame: "none" };

const shelves: Readonly<Record<DocumentKind, { path: string; label: string }>> = {
  curriculum_plan: { path: "plans", label: "Plans" },
  exchange_notes: { path: "exchanges", label: "Exchanges" },
  case_study: { path: "case-studies", label: "Case studies" },
  page: { path: "pages", label: "Pages" },
};

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.page.title} · Two-Way` : "Two-Way" },
];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const page = await openDocument(signedIn.services, signedIn, { documentId: params["id"] ?? "" });
  if (!page.ok) return throwRefusal(page.refusal);
  return { page: page.value, userId: signedIn.userId, keepsCopy: !signedIn.isSharedComputer };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const refused = (refusal: Refusal) => refusedForm(refusal);
  return answerForm({ request, context }, refused, async (signedIn, form) => {
    const renamed = await renameDocument(signedIn.services, signedIn, {
      documentId: params["id"] ?? "",
      title: form.exact("title"),
    });
    if (!renamed.ok) return refused(renamed.refusal);
    return { refusal: null };
  });
}

/**
 * The text comes over the live connection; only a form that was taken asks the server for
 * the page again: a refused one may come from somebody who is signed out by now.
 */
export function shouldRevalidate({
  formMethod,
  actionStatus = 200,
  currentParams,
  nextParams,
}: ShouldRevalidateFunctionArgs): boolean {
  const isTaken = formMethod !== undefined && formMethod !== "GET" && actionStatus < 400;
  return currentParams["id"] !== nextParams["id"] || isTaken;
}

export default function DocumentRoute() {
  const { page, userId, keepsCopy } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const shelf = shelves[page.kind];
  const home = `/partnerships/${page.partnership.slug}`;
  const people = page.people.map(({ userId: id, name, side, organisation }) => ({
    userId: id as string,
    name,
    organisation,
    side: isSide(side) ? side : null,
  }));
  const organisations = writingSides.flatMap((side) =>
    [...new Set(people.filter((person) => person.side === side).map((person) => person.organisation))].map(
      (name) => ({ side, name }),
    ),
  );
  return (
    <>
      <SkipLink />
      <DocumentDesk
        key={page.id}
        facts={{
          id: page.id,
          title: page.title,
          epoch: page.epoch,
          recovery: page.recovery,
          schemaNumber: page.schemaNumber,
          canWrite: page.canWrite,
          whyNotWrite: page.whyNotWrite,
          canAddImages: page.canAddImages,
          isArchived: page.isArchived,
          canOrganise: page.canOrganise,
          userId,
          keepsCopy,
          people,
        }}
        bar={{
          crumbs: [
            { label: "Home", to: "/" },
            { label: page.partnership.title, to: home },
            { label: shelf.label, to: `${home}/${shelf.path}` },
            ...page.above.map(({ id, title }) => ({ label: title, to: `/documents/${id}` })),
          ],
          state: page.isArchived ? "Archived" : null,
          canRename: page.canOrganise && !page.isArchived,
          renameRefusal: answer?.refusal ?? null,
          versionsAddress: `/documents/${page.id}/versions`,
          tools: (
            <>
              {page.canExport ? (
                <Menu button="Export" className="menu menu-export">
                  <ul className="plain">
                    <li>
                      <a href={`/documents/${page.id}/export.html`} download>
                        <Icon name="document" />
                        Web page, ready to print
                      </a>
                    </li>
                    <li>
                      <a href={`/documents/${page.id}/export.md`} download>
                        <Icon name="text" />
                        Markdown
                      </a>
                    </li>
                  </ul>
                </Menu>
              ) : null}
              {page.canName && !page.isArchived ? (
                <ButtonLink to={`/documents/${page.id}/versions?name`} small look="primary">
                  Name this version
                </ButtonLink>
              ) : null}
            </>
          ),
        }}
        head={(title) => (
          <>
            <p className="title doc-title" aria-hidden="true">
              {title}
            </p>
            <p className="docmeta">
              <span>{documentKindNames[page.kind]}</span>
              {page.exchange ? (
                <span>
                  Exchange {page.exchange.number}, {formatDate(page.exchange.startsAt)}
                </span>
              ) : null}
              {organisations.map(({ side, name }) => (
                <SideName key={`${side} ${name}`} side={side} wraps>
                  {name}
                </SideName>
              ))}
              {page.partnership.isIllustrative ? <Illustrative /> : null}
            </p>
          </>
        )}
        text={page.text}
        whyNoText={page.whyNoText}
      />
    </>
  );
}
