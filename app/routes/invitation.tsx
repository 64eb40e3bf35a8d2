/**
 * Join a partnership by invitation. Opening the link uses nothing up; the page posts the
 * token to see what is offered, and once more when the person confirms.
 */
import { type ActionFunctionArgs, data, type MetaFunction, redirectDocument } from "@remix-run/node";
import { Form, useActionData, useFetcher } from "@remix-run/react";
import { useEffect } from "react";
import { Button } from "../components/button.tsx";
import { CheckField, FormField, type FormRefusal, FormRefusalNote } from "../components/form.tsx";
import { FrontDoor } from "../components/front-door.tsx";
import { useLinkToken } from "../components/link-token.ts";
import { newPasswordHint } from "../components/new-password-fields.tsx";
import { Facts } from "../components/parts.tsx";
import { SideName } from "../components/side.tsx";
import { roleNames } from "../domain/access.ts";
import { formatDateTime } from "../domain/dates.ts";
import { passwordLengthMax } from "../domain/passwords.ts";
import type { Refusal } from "../domain/refusals.ts";
import { acceptInvitation, type InvitationOffer, readInvitation } from "../operations/accept-invitation.ts";
import { orNotStored } from "../web/answer-form.server.ts";
import { readForm } from "../web/forms.server.ts";
import { optionalUser } from "../web/guard.server.ts";
import { initOf, refusalHeaders, type Typed, viewOf } from "../web/refuse.server.ts";
import { sessionCookie } from "../web/session-cookie.ts";
import { visitorOf } from "../web/visitor.server.ts";

export const meta: MetaFunction = () => [{ title: "Invitation · Two-Way" }];
export const handle = { frame: "none" };
export const headers = refusalHeaders;

/** Looking uses nothing up: the server does not even learn which link was opened. */
export function loader() {
  return null;
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request);
  const token = form.text("token");
  const typed = form.typed();
  const refused = (refusal: Refusal, offer: InvitationOffer | null) =>
    data({ refusal: viewOf(refusal), offer, typed }, initOf(refusal));

  const signedIn = await optionalUser({ request, context });
  const guest = signedIn === null ? null : { userId: signedIn.userId, email: signedIn.user.email };
  const offer = await readInvitation(context.services, guest, { token });
  if (!offer.ok) return refused(offer.refusal, null);
  if (form.text("intent") !== "join") return data({ refusal: null, offer: offer.value, typed });
  return orNotStored(
    { context },
    () => refused({ code: "not-stored", facts: {} }, offer.value),
    async () => {
      const joined = await acceptInvitation(context.services, guest, {
        token,
        name: form.text("name"),
        jobTitle: form.text("jobTitle"),
        password: form.exact("password"),
        isSharedComputer: signedIn?.isSharedComputer ?? form.ticked("shared"),
        ...visitorOf({ request, context }),
      });
      if (!joined.ok) return refused(joined.refusal, offer.value);
      return redirectDocument(`/partnerships/${encodeURIComponent(joined.value.slug)}`, {
        headers: { "Set-Cookie": sessionCookie(joined.value.session) },
      });
    },
  );
}

function Offer({ offer }: { offer: InvitationOffer }) {
  return (
    <div className="offer">
      <p className="label">{offer.invitedBy} invites you to</p>
      <p className="title-s">{offer.partnership}</p>
      <Facts
        facts={[
          [
            "For",
            <SideName key="for" side={offer.side} wraps>
              {offer.organisation}
            </SideName>,
          ],
          ["As", roleNames[offer.role].toLowerCase()],
          ["E-mail", offer.email],
          ["Open until", formatDateTime(offer.expiresAt)],
        ]}
      />
    </div>
  );
}

function JoinFields({
  asks,
  refusal,
  typed,
}: {
  asks: InvitationOffer["asks"];
  refusal?: FormRefusal | null;
  /** What stood in the form at the last try, by the names of its fields. */
  typed: Typed;
}) {
  if (asks === "confirmation") return null;
  return (
    <>
      {asks === "account" ? (
        <>
          <FormField
            label="Your name"
            name="name"
            autoComplete="name"
            required
            maxLength={80}
            defaultValue={typed["name"]}
            refusal={refusal}
          />
          <FormField
            label="What you do"
            hint="For example: Curriculum lead"
            name="jobTitle"
            autoComplete="organization-title"
            maxLength={80}
            defaultValue={typed["jobTitle"]}
            refusal={refusal}
          />
        </>
      ) : null}
      <FormField
        label={asks === "account" ? "Choose a password" : "Your password"}
        hint={asks === "account" ? newPasswordHint : undefined}
        name="password"
        type="password"
        autoComplete={asks === "account" ? "new-password" : "current-password"}
        required
        maxLength={passwordLengthMax}
        refusal={refusal}
      />
      <CheckField
        label="This is a shared computer"
        name="shared"
        value="yes"
        defaultChecked={typed["shared"] === "yes"}
      />
    </>
  );
}

export default function InvitationPage() {
  const fetcher = useFetcher<typeof action>();
  const linkToken = useLinkToken();
  const { submit } = fetcher;
  useEffect(() => {
    if (linkToken !== null) submit({ token: linkToken, intent: "look" }, { method: "post" });
  }, [linkToken, submit]);
  // Without JavaScript the form posts the page itself.
  const posted = useActionData<typeof action>();
  const answer = fetcher.data ?? posted;
  const refusal = answer?.refusal;
  const isOther = refusal?.code === "link-other-person";

  if (answer?.offer) {
    return (
      <FrontDoor title="Join this partnership">
        <Offer offer={answer.offer} />
        <fetcher.Form method="post" className="stack door-form">
          <FormRefusalNote refusal={refusal} />
          <input type="hidden" name="token" value={answer.typed["token"]} />
          <input type="hidden" name="intent" value="join" />
          <JoinFields asks={answer.offer.asks} refusal={refusal} typed={answer.typed} />
          <Button look="primary">Join the partnership</Button>
        </fetcher.Form>
      </FrontDoor>
    );
  }
  return (
    <FrontDoor title="Your invitation">
      <FormRefusalNote refusal={refusal} />
      {isOther ? (
        <Form method="post" action="/sign-out">
          <Button>Sign out</Button>
        </Form>
      ) : (
        <>
          <p>Open the link in your letter once more, or type the code that stands below it.</p>
          <fetcher.Form method="post" className="stack door-form">
            <input type="hidden" name="intent" value="look" />
            <FormField label="Code from the letter" name="token" autoComplete="off" required />
            <Button look="primary">Show the invitation</Button>
          </fetcher.Form>
        </>
      )}
    </FrontDoor>
  );
}
