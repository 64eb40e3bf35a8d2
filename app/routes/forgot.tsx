/** Ask for a letter with a link to a new password. The answer is the same for every address. */
import { type ActionFunctionArgs, data, type MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormField, FormRefusalNote } from "../components/form.tsx";
import { FrontDoor } from "../components/front-door.tsx";
import { Note } from "../components/parts.tsx";
import { refuse } from "../domain/result.ts";
import { requestPasswordReset } from "../operations/request-password-reset.ts";
import { orNotStored } from "../web/answer-form.server.ts";
import { readForm } from "../web/forms.server.ts";
import { errorFields, logLine } from "../web/log-line.ts";
import { refusalHeaders, refusedForm, type Typed } from "../web/refuse.server.ts";
import { visitorOf } from "../web/visitor.server.ts";

export const meta: MetaFunction = () => [{ title: "A new password · Two-Way" }];
export const handle = { frame: "none" };
export const headers = refusalHeaders;

/** A page without data; the loader is there so that it can be asked for alone. */
export function loader() {
  return null;
}

type Asked = Awaited<ReturnType<typeof requestPasswordReset>>;

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request);
  const { network, requestId } = visitorOf({ request, context });
  const asked = await orNotStored<Asked, Asked>(
    { context },
    () => refuse("not-stored"),
    () => requestPasswordReset(context.services, { email: form.text("email"), network }),
  );
  if (!asked.ok) return refusedForm(asked.refusal, form.typed());
  // The reply does not wait: how long a letter takes would tell who has an account.
  asked.value.behind.catch((error: unknown) => {
    logLine("error", "reset-letter-failed", { requestId, ...errorFields(error) });
  });
  return data({ refusal: null, typed: {} as Typed });
}

export default function ForgotPage() {
  const answer = useActionData<typeof action>();
  if (answer !== undefined && answer.refusal === null) {
    return (
      <FrontDoor title="Look into your letters">
        <Note title="If this address has an account, a letter is on its way" isAnnounced>
          <p>It holds a link that counts for one hour. Look into the unwanted letters too.</p>
        </Note>
        <p className="small">
          <Link to="/sign-in">Back to sign in</Link>
        </p>
      </FrontDoor>
    );
  }
  return (
    <FrontDoor title="A new password">
      <p>Tell us the address you sign in with. We send you a link to choose a new password.</p>
      <Form method="post" className="stack door-form">
        <FormRefusalNote refusal={answer?.refusal} />
        <FormField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={answer?.typed["email"]}
          refusal={answer?.refusal}
        />
        <Button look="primary">Send me a link</Button>
      </Form>
      <p className="small">
        <Link to="/sign-in">Back to sign in</Link>
      </p>
    </FrontDoor>
  );
}
