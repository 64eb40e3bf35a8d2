/**
 * Choose a new password with the link of a letter. The token stands behind `#`, where no
 * server sees it; the page takes it out of the address bar and posts it.
 */
import { type ActionFunctionArgs, type MetaFunction, redirectDocument } from "@remix-run/node";
import { Form, Link, useActionData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { CheckField, FormField, FormRefusalNote } from "../components/form.tsx";
import { FrontDoor } from "../components/front-door.tsx";
import { useLinkToken } from "../components/link-token.ts";
import { NewPasswordFields } from "../components/new-password-fields.tsx";
import { resetPassword } from "../operations/reset-password.ts";
import { orNotStored } from "../web/answer-form.server.ts";
import { readForm } from "../web/forms.server.ts";
import { refusedForm } from "../web/refuse.server.ts";
import { sessionCookie } from "../web/session-cookie.ts";
import { visitorOf } from "../web/visitor.server.ts";

export const meta: MetaFunction = () => [{ title: "Choose a password · Two-Way" }];
export const handle = { frame: "none" };

/** Looking uses nothing up: the server does not even learn which link was opened. */
export function loader() {
  return null;
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request);
  return orNotStored(
    { context },
    () => refusedForm({ code: "not-stored", facts: {} }, form.typed()),
    async () => {
      const session = await resetPassword(context.services, {
        token: form.text("token"),
        password: form.exact("password"),
        repeated: form.exact("repeated"),
        isSharedComputer: form.ticked("shared"),
        ...visitorOf({ request, context }),
      });
      if (!session.ok) return refusedForm(session.refusal, form.typed());
      return redirectDocument("/", { headers: { "Set-Cookie": sessionCookie(session.value) } });
    },
  );
}

export default function ResetPage() {
  const answer = useActionData<typeof action>();
  const refusal = answer?.refusal;
  const token = useLinkToken();
  return (
    <FrontDoor title="Choose a password">
      <Form method="post" className="stack door-form">
        <FormRefusalNote refusal={refusal} />
        {token === null ? (
          <FormField
            label="Code from the letter"
            hint="It stands below the link."
            name="token"
            autoComplete="off"
            required
            defaultValue={answer?.typed["token"]}
            refusal={refusal}
          />
        ) : (
          <input type="hidden" name="token" value={token} />
        )}
        <NewPasswordFields name="password" refusal={refusal} />
        <CheckField
          label="This is a shared computer"
          name="shared"
          value="yes"
          defaultChecked={answer?.typed["shared"] === "yes"}
        />
        <Button look="primary">Save and sign in</Button>
      </Form>
      <p className="small muted">You are signed out everywhere else.</p>
      <p className="small">
        <Link to="/forgot">Ask for another link</Link>
      </p>
    </FrontDoor>
  );
}
