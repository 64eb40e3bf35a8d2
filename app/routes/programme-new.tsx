/** An administrator starts a programme. */
import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormField, FormRefusalNote, TextField } from "../components/form.tsx";
import { PlainPage } from "../components/shell.tsx";
import { mayRunProgrammes } from "../domain/access.ts";
import { nameLengthMax, proseLengthMax } from "../domain/partnership.ts";
import type { Refusal } from "../domain/refusals.ts";
import { createProgramme } from "../operations/create-programme.ts";
import { answerForm } from "../web/answer-form.server.ts";
import type { Form as SentForm } from "../web/forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusedForm, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction = () => [{ title: "Start a programme · Two-Way" }];

export async function loader(args: LoaderFunctionArgs) {
  const { user, services } = await requireUser(args);
  const allowed = mayRunProgrammes({ status: "active", isProgrammeAdmin: user.isProgrammeAdmin });
  if (!allowed.ok) throwRefusal(allowed.refusal);
  return { once: services.newId() };
}

export async function action(args: ActionFunctionArgs) {
  return answerForm(args, refused, async (signedIn, form) => {
    const { text } = form;
    const made = await createProgramme(signedIn.services, signedIn, {
      title: text("title"),
      summary: text("summary"),
      funder: text("funder"),
      convenor: text("convenor"),
      startsOn: text("startsOn"),
      endsOn: text("endsOn"),
      once: text("once"),
    });
    if (!made.ok) return refused(made.refusal, form);
    return redirect(`/programmes/${made.value.slug}`);
  });
}

function refused(refusal: Refusal, form: SentForm) {
  return refusedForm(refusal, form.typed());
}

export default function ProgrammeNew() {
  const { once } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const refusal = answer?.refusal;
  /** A field with what was typed into it at the last try. */
  const field = (name: string) => ({ name, refusal, defaultValue: answer?.typed[name] });
  return (
    <PlainPage
      width="narrow"
      title="Start a programme"
      lead="A programme holds partnerships that share a purpose, a funder or a time."
      crumbs={[{ label: "Programmes", to: "/programmes" }, { label: "New" }]}
    >
      <Form method="post" className="stack">
        <input type="hidden" name="once" value={once} />
        <FormRefusalNote refusal={refusal} />
        <FormField label="Title" required maxLength={nameLengthMax} {...field("title")} />
        <TextField label="What it is for" rows={4} maxLength={proseLengthMax} {...field("summary")} />
        <FormField label="Funder" maxLength={nameLengthMax} {...field("funder")} />
        <FormField
          label="Convened by"
          hint="The organisation that brings the partnerships together."
          maxLength={nameLengthMax}
          {...field("convenor")}
        />
        <div className="field-row">
          <FormField label="Starts" type="date" {...field("startsOn")} />
          <FormField label="Ends" type="date" {...field("endsOn")} />
        </div>
        <div className="btn-row">
          <Button look="primary">Start the programme</Button>
        </div>
      </Form>
    </PlainPage>
  );
}
