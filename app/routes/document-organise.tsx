/** Rename, move, duplicate or archive one document. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormField, FormRefusalNote, SelectField } from "../components/form.tsx";
import { Note } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { type DocumentKind, documentKindNames, titleLengthMax } from "../domain/documents.ts";
import { readDocumentPlace } from "../operations/read-document-place.ts";
import { runDocumentForm } from "../web/document-forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusalHeaders, throwRefusal } from "../web/refuse.server.ts";

const shelves: Readonly<Record<DocumentKind, { path: string; label: string }>> = {
  curriculum_plan: { path: "plans", label: "Plans" },
  exchange_notes: { path: "exchanges", label: "Exchanges" },
  case_study: { path: "case-studies", label: "Case studies" },
  page: { path: "pages", label: "Pages" },
};

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `Rename or move ${data.title} · Two-Way` : "Two-Way" },
];
export const headers = refusalHeaders;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const place = await readDocumentPlace(signedIn.services, signedIn, { documentId: params["id"] ?? "" });
  if (!place.ok) return throwRefusal(place.refusal);
  return { ...place.value, once: signedIn.services.newId() };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const documentId = params["id"] ?? "";
  return runDocumentForm({ request, context }, async (signedIn) => {
    const place = await readDocumentPlace(signedIn.services, signedIn, { documentId });
    if (!place.ok) return throwRefusal(place.refusal);
    const { partnership, kind } = place.value;
    return { documentId, back: `/partnerships/${partnership.slug}/${shelves[kind].path}` };
  });
}

/** One step up or down among its siblings: behind the one that is then before it. */
function StepForm({
  siblings,
  index,
  parentId,
  step,
}: {
  siblings: readonly { readonly id: string }[];
  index: number;
  parentId: string | null;
  step: "up" | "down";
}) {
  const isPossible = step === "up" ? index > 0 : index < siblings.length - 1;
  const after = step === "up" ? siblings[index - 2] : siblings[index + 1];
  return (
    <Form method="post">
      <input type="hidden" name="intent" value="move" />
      <input type="hidden" name="parentId" value={parentId ?? ""} />
      <input type="hidden" name="afterId" value={after?.id ?? ""} />
      <Button icon={step} disabled={!isPossible}>
        {step === "up" ? "Move up" : "Move down"}
      </Button>
    </Form>
  );
}

export default function DocumentOrganise() {
  const place = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const shelf = shelves[place.kind];
  const refusalOf = (intent: string) => (refused?.intent === intent ? refused.refusal : null);
  const index = place.siblings.findIndex(({ id }) => id === place.id);
  return (
    <PlainPage
      width="narrow"
      title={place.title}
      isName
      above={documentKindNames[place.kind]}
      crumbs={[
        { label: place.partnership.title, to: `/partnerships/${place.partnership.slug}` },
        { label: shelf.label, to: `/partnerships/${place.partnership.slug}/${shelf.path}` },
        { label: place.title, to: `/documents/${place.id}` },
        { label: "Rename or move" },
      ]}
    >
      <div className="stack-wide">
        {place.isArchived ? (
          <Note title="This document is archived" icon="lock">
            <p>Bring it back first, then rename or move it.</p>
            <Form method="post" className="note-act">
              <input type="hidden" name="intent" value="bring-back" />
              <Button small icon="undo">
                Bring this back
              </Button>
            </Form>
          </Note>
        ) : (
          <>
            <section aria-labelledby="rename" className="stack">
              <h2 id="rename">Rename</h2>
              <FormRefusalNote refusal={refusalOf("rename")} />
              <Form method="post" className="stack">
                <input type="hidden" name="intent" value="rename" />
                <FormField
                  label="Title"
                  name="title"
                  hint="Everybody who has it open sees the new title at once."
                  refusal={refusalOf("rename")}
                  defaultValue={refused?.intent === "rename" ? refused.typed.title : place.title}
                  maxLength={titleLengthMax + 50}
                />
                <p>
                  <Button look="primary">Rename</Button>
                </p>
              </Form>
            </section>
            <section aria-labelledby="move" className="stack">
              <h2 id="move">Move</h2>
              <FormRefusalNote refusal={refusalOf("move")} />
              <Form method="post" className="stack">
                <input type="hidden" name="intent" value="move" />
                <SelectField
                  label="Stands below"
                  name="parentId"
                  hint="It becomes the first of what stands there."
                  refusal={refusalOf("move")}
                  defaultValue={refused?.intent === "move" ? refused.typed.parentId : (place.parentId ?? "")}
                >
                  <option value="">Nothing: at the top</option>
                  {place.parents.map((parent) => (
                    <option key={parent.id} value={parent.id}>
                      {" ".repeat(parent.depth * 3)}
                      {parent.title}
                    </option>
                  ))}
                </SelectField>
                <p>
                  <Button>Move</Button>
                </p>
              </Form>
              {place.siblings.length > 1 ? (
                <div>
                  <p className="small muted">
                    Now {index + 1} of {place.siblings.length} in its place.
                  </p>
                  <div className="btn-row section-small">
                    <StepForm siblings={place.siblings} index={index} parentId={place.parentId} step="up" />
                    <StepForm siblings={place.siblings} index={index} parentId={place.parentId} step="down" />
                  </div>
                </div>
              ) : null}
            </section>
            <section aria-labelledby="more" className="stack">
              <h2 id="more">Duplicate or archive</h2>
              <FormRefusalNote refusal={refusalOf("duplicate") ?? refusalOf("archive")} />
              <p className="muted">
                A duplicate takes the present text and starts a history of its own. Archiving takes the
                document out of the lists; nothing is deleted, and it can be brought back.
              </p>
              <div className="btn-row">
                {(["duplicate", "archive"] as const).map((intent) => (
                  <Form method="post" key={intent}>
                    <input type="hidden" name="intent" value={intent} />
                    <input type="hidden" name="once" value={place.once} />
                    <Button>{intent === "duplicate" ? "Duplicate" : "Archive"}</Button>
                  </Form>
                ))}
              </div>
            </section>
          </>
        )}
      </div>
    </PlainPage>
  );
}
