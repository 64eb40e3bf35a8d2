/**
 * The forms that make, rename, move, duplicate, archive and bring back documents, for
 * every page that has them. They work without JavaScript: each ends in a redirect, or
 * in the same page with the refusal's sentence and what was typed.
 */
import { type ActionFunctionArgs, data, redirect } from "@remix-run/node";
import type { Refusal } from "../domain/refusals.ts";
import { archiveDocument } from "../operations/archive-document.ts";
import { bringBackDocument } from "../operations/bring-back-document.ts";
import { createDocument } from "../operations/create-document.ts";
import { duplicateDocument } from "../operations/duplicate-document.ts";
import { moveDocument } from "../operations/move-document.ts";
import { readPartnershipNav } from "../operations/read-partnership-nav.ts";
import { renameDocument } from "../operations/rename-document.ts";
import { answerForm } from "./answer-form.server.ts";
import type { Form } from "./forms.server.ts";
import type { SignedIn } from "./guard.server.ts";
import { initOf, throwRefusal, viewOf } from "./refuse.server.ts";

/** A refused form: the sentence, which form it was, and what was typed and chosen in it. */
function refused(refusal: Refusal, form: Form) {
  const { text } = form;
  const typed = { title: text("title"), documentId: text("documentId"), parentId: text("parentId") };
  return data({ refusal: viewOf(refusal), intent: text("intent"), typed }, initOf(refusal));
}

type Place = { readonly slug?: string; readonly documentId?: string; readonly back: string };

/**
 * Runs the form that was sent. `slug` names the partnership for new documents; `back`
 * is where one is taken afterwards.
 */
export function runDocumentForm(
  asked: Pick<ActionFunctionArgs, "request" | "context">,
  place: Place | ((signedIn: SignedIn) => Promise<Place>),
) {
  return answerForm(asked, refused, async (signedIn, form) =>
    run(signedIn, form, typeof place === "function" ? await place(signedIn) : place),
  );
}

async function run(signedIn: SignedIn, form: Form, { slug, documentId, back }: Place) {
  const { services } = signedIn;
  const intent = form.text("intent");
  const id = documentId ?? form.text("documentId");
  const title = form.text("title");
  const no = (refusal: Refusal) => refused(refusal, form);

  switch (intent) {
    case "create": {
      const nav = await readPartnershipNav(services, signedIn, { slug: slug ?? "" });
      if (!nav.ok) return throwRefusal(nav.refusal);
      const made = await createDocument(services, signedIn, {
        partnershipId: nav.value.id,
        kind: form.text("kind"),
        title,
        parentId: form.text("parentId") || null,
        meetingId: form.text("meetingId") || null,
        once: form.text("once"),
      });
      return made.ok ? redirect(`/documents/${made.value.documentId}`) : no(made.refusal);
    }
    case "rename": {
      const renamed = await renameDocument(services, signedIn, { documentId: id, title });
      return renamed.ok ? redirect(back) : no(renamed.refusal);
    }
    case "move": {
      const moved = await moveDocument(services, signedIn, {
        documentId: id,
        parentId: form.text("parentId") || null,
        afterId: form.text("afterId") || null,
      });
      return moved.ok ? redirect(back) : no(moved.refusal);
    }
    case "duplicate": {
      const made = await duplicateDocument(services, signedIn, {
        documentId: id,
        once: form.text("once"),
      });
      return made.ok ? redirect(`/documents/${made.value.documentId}`) : no(made.refusal);
    }
    case "archive": {
      const archived = await archiveDocument(services, signedIn, { documentId: id });
      return archived.ok ? redirect(`${back}?archived=${id}`) : no(archived.refusal);
    }
    case "bring-back": {
      const brought = await bringBackDocument(services, signedIn, { documentId: id });
      return brought.ok ? redirect(back) : no(brought.refusal);
    }
    default:
      return no({ code: "form-incomplete", facts: {} });
  }
}
