/** Sign in; on a demonstration instance also one click into somebody's seat. */
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  redirectDocument,
} from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { Face } from "../components/face.tsx";
import { CheckField, FormField, FormRefusalNote } from "../components/form.tsx";
import { FrontDoor } from "../components/front-door.tsx";
import { Icon } from "../components/icon.tsx";
import { Illustrative } from "../components/parts.tsx";
import { roleNames } from "../domain/access.ts";
import type { Refusal } from "../domain/refusals.ts";
import { sideNames } from "../domain/sides.ts";
import { ForgetCopies } from "../editor/forget-copies.tsx";
import { isRecovering } from "../operations/is-recovering.ts";
import { type DemonstrationPerson, listDemonstrationPeople } from "../operations/look-around.ts";
import { signIn } from "../operations/sign-in.ts";
import { orNotStored } from "../web/answer-form.server.ts";
import { readForm } from "../web/forms.server.ts";
import { optionalUser } from "../web/guard.server.ts";
import { placeAfterSignIn } from "../web/redirects.ts";
import { initOf, refusalHeaders, viewOf } from "../web/refuse.server.ts";
import { sessionCookie } from "../web/session-cookie.ts";
import { showsLetters } from "../web/shows-letters.server.ts";
import { visitorOf } from "../web/visitor.server.ts";

export const meta: MetaFunction = () => [{ title: "Sign in · Two-Way" }];
export const handle = { frame: "none" };
export const headers = refusalHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const to = placeAfterSignIn(searchParams.get("to"));
  if ((await optionalUser({ request, context })) !== null) throw redirect(to);
  const { instance } = context.services;
  return {
    to,
    keepsCopies: !searchParams.has("left") && (await isRecovering(context.services)),
    isDemo: instance.isDemo,
    showsLetters: showsLetters(context),
    people: await listDemonstrationPeople(context.services),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request);
  const email = form.text("email");
  const isSharedComputer = form.ticked("shared");
  const refused = (refusal: Refusal) =>
    data({ refusal: viewOf(refusal), email, isSharedComputer }, initOf(refusal));
  return orNotStored(
    { context },
    () => refused({ code: "not-stored", facts: {} }),
    async () => {
      const signedIn = await signIn(context.services, {
        ...{ email, password: form.exact("password"), isSharedComputer },
        ...visitorOf({ request, context }),
      });
      if (!signedIn.ok) return refused(signedIn.refusal);
      // A whole new document: nothing of who sat here before stays in memory.
      return redirectDocument(placeAfterSignIn(form.text("to")), {
        headers: { "Set-Cookie": sessionCookie(signedIn.value) },
      });
    },
  );
}

/** "Leader on the provider side", "Facilitator". */
function seatOf({ role, side }: DemonstrationPerson): string {
  return role === "leader" ? `Leader on the ${sideNames[side].toLowerCase()} side` : roleNames[role];
}

function LookAround({
  people,
  to,
  showsLetters,
}: {
  people: readonly DemonstrationPerson[];
  to: string;
  showsLetters: boolean;
}) {
  return (
    <section aria-labelledby="demo">
      <h2 className="h3" id="demo">
        This is a demonstration. Look around as…
      </h2>
      <Form method="post" action="/look-around">
        <input type="hidden" name="to" value={to} />
        <ul className="look-list plain">
          {people.map((person) => (
            <li key={person.userId}>
              <button className="look" type="submit" name="person" value={person.userId}>
                <Face person={person} isNamedBeside />
                <span>
                  <span className="strong lk">
                    {person.name}, {person.organisation}
                  </span>
                  <br />
                  <span className="small muted">{seatOf(person)}</span>
                </span>
                <Icon name="right" />
              </button>
            </li>
          ))}
        </ul>
      </Form>
      <p className="small muted look-foot">
        <span>Try anything: it is here to be tried.</span>
        {showsLetters ? <Link to="/outbox">Letters this instance wrote</Link> : null}
        <Illustrative />
      </p>
    </section>
  );
}

export default function SignInPage() {
  const { to, keepsCopies, isDemo, people, showsLetters } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const refusal = answer?.refusal;
  return (
    <FrontDoor
      title="Sign in"
      aside={
        isDemo && people.length > 0 ? (
          <LookAround people={people} to={to} showsLetters={showsLetters} />
        ) : null
      }
    >
      <Form method="post" className="stack door-form">
        <FormRefusalNote refusal={refusal} />
        <ForgetCopies keepsAll={keepsCopies} />
        <input type="hidden" name="to" value={to} />
        <FormField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={answer?.email}
          refusal={refusal}
        />
        <FormField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={256}
          refusal={refusal}
        />
        <CheckField
          label="This is a shared computer"
          hint="Nothing is kept on it, and you are signed out after an hour without use."
          name="shared"
          value="yes"
          defaultChecked={answer?.isSharedComputer}
        />
        <Button look="primary">Sign in</Button>
      </Form>
      <p className="small">
        <Link to="/forgot">I do not know my password</Link>
      </p>
      <p className="small muted">No account? A leader of your side can invite you.</p>
    </FrontDoor>
  );
}
