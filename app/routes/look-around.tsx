/** Takes the seat of a demonstration person. Posted to by the sign-in page; it has no page itself. */
import { type ActionFunctionArgs, redirect, redirectDocument } from "@remix-run/node";
import { lookAroundAs } from "../operations/look-around.ts";
import { orNotStored } from "../web/answer-form.server.ts";
import { readForm } from "../web/forms.server.ts";
import { placeAfterSignIn } from "../web/redirects.ts";
import { throwRefusal } from "../web/refuse.server.ts";
import { sessionCookie } from "../web/session-cookie.ts";
import { visitorOf } from "../web/visitor.server.ts";

export function loader() {
  return redirect("/sign-in");
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request);
  const session = await orNotStored(
    { context },
    () => throwRefusal({ code: "not-stored", facts: {} }),
    () =>
      lookAroundAs(context.services, {
        userId: form.text("person"),
        ...visitorOf({ request, context }),
      }),
  );
  if (!session.ok) return throwRefusal(session.refusal);
  return redirectDocument(placeAfterSignIn(form.text("to")), {
    headers: { "Set-Cookie": sessionCookie(session.value) },
  });
}

export default function LookAround() {
  return null;
}
