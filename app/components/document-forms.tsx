/** The forms and menus that arrange documents. Each posts an intent; no script is needed. */
import { Form, Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { type DocumentKind, titleLengthMax } from "../domain/documents.ts";
import { Button } from "./button.tsx";
import type { DocumentLine } from "./document-tree.tsx";
import { FormField, type FormRefusal, FormRefusalNote, SelectField } from "./form.tsx";
import { Icon } from "./icon.tsx";
import { Menu } from "./menu.tsx";
import { Toast } from "./toast.tsx";

/** Opens under its button; stays open after a refusal, with what was typed. */
export function NewDocument({
  kind,
  label,
  hint,
  parents,
  isOpen,
  refusal,
  typed,
  once,
}: {
  kind: DocumentKind;
  /** The verb: "New plan". */
  label: string;
  hint: string;
  /** Documents it may be put below; none leaves the choice out. */
  parents: readonly { readonly id: string; readonly title: string }[];
  isOpen: boolean;
  refusal: FormRefusal | null;
  /** New for each page that is drawn: sent twice, it makes one document. */
  once: string;
  typed: { readonly title?: string; readonly parentId?: string };
}) {
  return (
    <details className="disclosure" open={isOpen || refusal !== null}>
      <summary className="btn">
        <Icon name="plus" />
        {label}
      </summary>
      <Form method="post" className="panel panel-pad stack">
        <input type="hidden" name="intent" value="create" />
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="once" value={once} />
        <FormRefusalNote refusal={refusal} />
        <FormField
          label="Title"
          name="title"
          hint={hint}
          refusal={refusal}
          defaultValue={typed.title}
          maxLength={titleLengthMax}
          autoComplete="off"
        />
        {parents.length > 0 ? (
          <SelectField label="Stands below" name="parentId" refusal={refusal} defaultValue={typed.parentId}>
            <option value="">Nothing: at the top</option>
            {parents.map((parent) => (
              <option key={parent.id} value={parent.id}>
                {parent.title}
              </option>
            ))}
          </SelectField>
        ) : null}
        <p className="btn-row">
          <Button look="primary">Start writing</Button>
        </p>
      </Form>
    </details>
  );
}

function IntentButton({
  intent,
  documentId,
  once,
  children,
}: {
  intent: string;
  documentId: string;
  /** For what must not happen twice. */
  once?: string;
  children: ReactNode;
}) {
  return (
    <Form method="post">
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="documentId" value={documentId} />
      {once === undefined ? null : <input type="hidden" name="once" value={once} />}
      <button type="submit">{children}</button>
    </Form>
  );
}

/** What one can do with a document in a list. */
export function DocumentMenu({
  document,
  canOrganise,
  once,
}: {
  document: DocumentLine;
  canOrganise: boolean;
  /** New for each page that is drawn, as for a new document. */
  once: string;
}) {
  return (
    <Menu
      button={
        <span className="btn btn-quiet btn-s btn-icon">
          <Icon name="more" />
          <span className="vh">What you can do with “{document.title}”</span>
        </span>
      }
    >
      <ul className="plain">
        <li>
          <Link to={`/documents/${document.id}/versions`}>
            <Icon name="history" />
            Versions
          </Link>
        </li>
        {canOrganise ? (
          <>
            <li>
              <Link to={`/documents/${document.id}/organise`}>
                <Icon name="move" />
                Rename or move
              </Link>
            </li>
            <li>
              <IntentButton intent="duplicate" documentId={document.id} once={once}>
                <Icon name="document" />
                Duplicate
              </IntentButton>
            </li>
            <li>
              <IntentButton intent="archive" documentId={document.id}>
                <Icon name="down" />
                Archive
              </IntentButton>
            </li>
          </>
        ) : null}
      </ul>
    </Menu>
  );
}

/** After archiving: what happened, and the way back. */
export function ArchivedToast({ documentId, title }: { documentId: string; title: string }) {
  return (
    <Toast
      undo={
        <Form method="post">
          <input type="hidden" name="intent" value="bring-back" />
          <input type="hidden" name="documentId" value={documentId} />
          <button type="submit" className="link">
            Bring this back
          </button>
        </Form>
      }
    >
      “{title}” is archived
    </Toast>
  );
}
