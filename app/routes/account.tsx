/** One's own account: how others see one, the password, and where one is signed in. */
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormField, type FormRefusal, FormRefusalNote } from "../components/form.tsx";
import { NewPasswordFields } from "../components/new-password-fields.tsx";
import { Note, Tag, When } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { Table } from "../components/table.tsx";
import { formatRecent } from "../domain/dates.ts";
import { passwordLengthMax } from "../domain/passwords.ts";
import type { Refusal } from "../domain/refusals.ts";
import { changePassword } from "../operations/change-password.ts";
import { endOtherSessions, endSession } from "../operations/end-session.ts";
import { type ListedSession, listSessions } from "../operations/list-sessions.ts";
import { updateAccount } from "../operations/update-account.ts";
import { answerForm } from "../web/answer-form.server.ts";
import type { Form as SentForm } from "../web/forms.server.ts";
import { requireUser, type SignedIn } from "../web/guard.server.ts";
import { initOf, refusalHeaders, type Typed, viewOf } from "../web/refuse.server.ts";
import { sessionCookie } from "../web/session-cookie.ts";
import { visitorOf } from "../web/visitor.server.ts";

export const meta: MetaFunction = () => [{ title: "Your account · Two-Way" }];
export const headers = refusalHeaders;

export async function loader(args: LoaderFunctionArgs) {
  const signedIn = await requireUser(args);
  const { name, email, jobTitle } = signedIn.user;
  return {
    person: { name, email, jobTitle },
    sessions: await listSessions(signedIn.services, signedIn),
    now: signedIn.services.now(),
  };
}

type Place = "person" | "password" | "sessions";

function refused(place: Place, refusal: Refusal, typed: Typed = {}) {
  return data({ place, refusal: viewOf(refusal), done: null, typed }, initOf(refusal));
}

/** Where a form of this page stands. */
function placeOf(form: SentForm): Place {
  const intent = form.text("intent");
  return intent === "person" || intent === "password" ? intent : "sessions";
}

export async function action(args: ActionFunctionArgs) {
  return answerForm(
    args,
    (refusal, form) => refused(placeOf(form), refusal, form.typed()),
    (signedIn, form) => run(args, signedIn, form),
  );
}

async function run(args: ActionFunctionArgs, signedIn: SignedIn, form: SentForm) {
  switch (form.text("intent")) {
    case "person": {
      const updated = await updateAccount(signedIn.services, signedIn, {
        name: form.text("name"),
        jobTitle: form.text("jobTitle"),
      });
      return updated.ok
        ? done("person", "Your name is saved.")
        : refused("person", updated.refusal, form.typed());
    }
    case "password":
      return setPassword(args, signedIn, form);
    case "end-session": {
      const ended = await endSession(signedIn.services, signedIn, { sessionId: form.text("session") });
      return ended.ok ? done("sessions", "That session is over.") : refused("sessions", ended.refusal);
    }
    case "end-others": {
      const count = await endOtherSessions(signedIn.services, signedIn);
      return done(
        "sessions",
        count === 1 ? "One other session is over." : `${count} other sessions are over.`,
      );
    }
    default:
      return refused("person", { code: "form-incomplete", facts: {} });
  }
}

function done(place: Place, sentence: string, headers?: HeadersInit) {
  return data({ place, refusal: null, done: sentence, typed: {} as Typed }, { headers });
}

async function setPassword(args: ActionFunctionArgs, signedIn: SignedIn, form: SentForm) {
  const { browser, requestId } = visitorOf(args);
  const session = await changePassword(signedIn.services, signedIn, {
    current: form.exact("current"),
    next: form.exact("next"),
    repeated: form.exact("repeated"),
    isSharedComputer: signedIn.isSharedComputer,
    browser,
    requestId,
  });
  if (!session.ok) return refused("password", session.refusal);
  return done("password", "Your password is changed. You are signed out everywhere else.", {
    "Set-Cookie": sessionCookie(session.value),
  });
}

type Answer = { readonly refusal: FormRefusal | null; readonly done: string | null };

/** What came of the last try, above the form it belongs to. */
function Outcome({ answer }: { answer: Answer | null }) {
  if (answer === null) return null;
  if (answer.done !== null) return <Note tone="agreed" title={answer.done} isAnnounced />;
  return <FormRefusalNote refusal={answer.refusal} />;
}

function PasswordForm({ answer, email }: { answer: Answer | null; email: string }) {
  const refusal = answer?.refusal;
  return (
    // A new key empties the fields once they are saved; a refusal leaves them as typed.
    <Form method="post" className="stack" key={answer?.done ?? "not done"}>
      <input type="hidden" name="intent" value="password" />
      {/* Tells password managers whose password this is. */}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <FormField
        label="Present password"
        name="current"
        type="password"
        autoComplete="current-password"
        required
        maxLength={passwordLengthMax}
        refusal={refusal}
      />
      <NewPasswordFields name="next" refusal={refusal} />
      <Button>Change the password</Button>
    </Form>
  );
}

function Sessions({ sessions, now }: { sessions: readonly ListedSession[]; now: number }) {
  return (
    <>
      <Table
        caption="Where you are signed in"
        className="sessions-table"
        rows={sessions}
        rowKey={({ id }) => id}
        columns={[
          {
            heading: "Device",
            cell: ({ device, isThisOne, isSharedComputer }) => (
              <span className="cluster">
                {device}
                {isThisOne ? <Tag>This one</Tag> : null}
                {isSharedComputer ? <Tag>Shared computer</Tag> : null}
              </span>
            ),
          },
          {
            heading: "Since",
            isFigure: true,
            cell: ({ startedAt }) => <When at={startedAt}>{formatRecent(startedAt, now)}</When>,
          },
          {
            heading: "Last used",
            isFigure: true,
            cell: ({ lastSeenAt }) => <When at={lastSeenAt}>{formatRecent(lastSeenAt, now)}</When>,
          },
          {
            heading: "End it",
            isAction: true,
            cell: ({ id, isThisOne, device }) =>
              isThisOne ? (
                <span className="muted">Sign out instead</span>
              ) : (
                <Form method="post">
                  <input type="hidden" name="intent" value="end-session" />
                  <Button small name="session" value={id} aria-label={`Sign out ${device}`}>
                    Sign out
                  </Button>
                </Form>
              ),
          },
        ]}
      />
      {sessions.length > 1 ? (
        <Form method="post">
          <Button name="intent" value="end-others">
            Sign out everywhere else
          </Button>
        </Form>
      ) : null}
    </>
  );
}

export default function AccountPage() {
  const { person, sessions, now } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed: Typed = answer?.place === "person" ? answer.typed : {};
  const at = (place: Place): Answer | null => (answer?.place === place ? answer : null);
  return (
    <PlainPage title="Your account">
      <section className="account-section stack" aria-labelledby="person">
        <h2 id="person">How others see you</h2>
        <Outcome answer={at("person")} />
        <Form method="post" className="stack">
          <input type="hidden" name="intent" value="person" />
          <FormField
            label="Name"
            name="name"
            autoComplete="name"
            required
            maxLength={80}
            defaultValue={typed["name"] ?? person.name}
            refusal={at("person")?.refusal}
          />
          <FormField
            label="What you do"
            hint="For example: Curriculum lead"
            name="jobTitle"
            autoComplete="organization-title"
            maxLength={80}
            defaultValue={typed["jobTitle"] ?? person.jobTitle ?? ""}
            refusal={at("person")?.refusal}
          />
          <p className="small muted">You sign in as {person.email}.</p>
          <Button look="primary">Save</Button>
        </Form>
      </section>
      <section className="account-section stack" aria-labelledby="password">
        <h2 id="password">Password</h2>
        <Outcome answer={at("password")} />
        <PasswordForm answer={at("password")} email={person.email} />
      </section>
      <section className="account-section stack" aria-labelledby="sessions">
        <h2 id="sessions">Where you are signed in</h2>
        <Outcome answer={at("sessions")} />
        <Sessions sessions={sessions} now={now} />
      </section>
    </PlainPage>
  );
}
