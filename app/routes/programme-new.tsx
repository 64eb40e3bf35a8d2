/** An administrator starts a programme. */
import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormField, FormRefusalNote, TextField } from "../components/form.tsx";
import { PlainPage } from "../components/shell.tsx";
import { mayRunProgrammes } from "../domain/access.ts";
import { nameLengthMax, proseLengthMax } from "../domain/partnership.ts";
import { createProgramme } from "../operations/create-programme.ts";
import { readForm } from "../web/forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusedForm, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction = () => [{ title: "Start a programme · Two-Way" }];

export async function loader(args: LoaderFunctionArgs) {
  const { user } = await requireUser(args);
  const allowed = mayRunProgrammes({ status: "active", isProgrammeAdmin: user.isProgrammeAdmin });
  if (!allowed.ok) throwRefusal(allowed.refusal);
  return null;
}

export async function action(args: ActionFunctionArgs) {
  const signedIn = await requireUser(args);
  const { text } = await readForm(args.request);
  const made = await createProgramme(signedIn.services, signedIn, {
    title: text("title"),
    summary: text("summary"),
    funder: text("funder"),
    convenor: text("convenor"),
    startsOn: text("startsOn"),
    endsOn: text("endsOn"),
  });
  if (!made.ok) return refusedForm(made.refusal);
  return redirect(`/programmes/${made.value.slug}`);
}

export default function ProgrammeNew() {
  const refusal = useActionData<typeof action>()?.refusal;
  return (
    <PlainPage
      width="narrow"
      title="Start a programme"
      lead="A programme holds partnerships that share a purpose, a funder or a time."
      crumbs={[{ label: "Programmes", to: "/programmes" }, { label: "New" }]}
    >
      <Form method="post" className="stack">
        <FormRefusalNote refusal={refusal} />
        <FormField label="Title" name="title" required maxLength={nameLengthMax} refusal={refusal} />
        <TextField
          label="What it is for"
          name="summary"
          rows={4}
          maxLength={proseLengthMax}
          refusal={refusal}
        />
        <FormField label="Funder" name="funder" maxLength={nameLengthMax} refusal={refusal} />
        <FormField
          label="Convened by"
          hint="The organisation that brings the partnerships together."
          name="convenor"
          maxLength={nameLengthMax}
          refusal={refusal}
        />
        <div className="field-row">
          <FormField label="Starts" name="startsOn" type="date" refusal={refusal} />
          <FormField label="Ends" name="endsOn" type="date" refusal={refusal} />
        </div>
        <div className="btn-row">
          <Button look="primary">Start the programme</Button>
        </div>
      </Form>
    </PlainPage>
  );
}
