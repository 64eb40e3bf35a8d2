/** An administrator brings a provider and an employer together in a programme. */
import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormField, FormRefusalNote, SelectField, TextField } from "../components/form.tsx";
import { PlainPage } from "../components/shell.tsx";
import { nameLengthMax, proseLengthMax } from "../domain/partnership.ts";
import { sideNames, sides } from "../domain/sides.ts";
import { createPartnership } from "../operations/create-partnership.ts";
import { readProgrammeForAdministrator } from "../operations/read-programme-for-administrator.ts";
import { readForm } from "../web/forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusedForm, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction = () => [{ title: "Add a partnership · Two-Way" }];

export async function loader(args: LoaderFunctionArgs) {
  const signedIn = await requireUser(args);
  const programme = await readProgrammeForAdministrator(signedIn.services, signedIn, args.params.slug ?? "");
  if (!programme.ok) throwRefusal(programme.refusal);
  return programme.value;
}

export async function action(args: ActionFunctionArgs) {
  const signedIn = await requireUser(args);
  const { text, texts } = await readForm(args.request);
  const made = await createPartnership(signedIn.services, signedIn, {
    programmeSlug: args.params.slug ?? "",
    title: text("title"),
    sector: text("sector"),
    aim: text("aim"),
    organisationNames: texts("organisation"),
    organisationSides: texts("side"),
  });
  if (!made.ok) return refusedForm(made.refusal);
  return redirect(`/partnerships/${made.value.slug}`);
}

/** Four rows are enough for every partnership on the public record (two and two). */
const rows = ["provider", "employer", "provider", "employer"] as const;

export default function PartnershipNew() {
  const programme = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>()?.refusal;
  return (
    <PlainPage
      width="narrow"
      title="Add a partnership"
      lead="A partnership needs a provider and an employer from its first day. People are invited afterwards."
      crumbs={[
        { label: "Programmes", to: "/programmes" },
        { label: programme.title, to: `/programmes/${programme.slug}` },
        { label: "New partnership" },
      ]}
    >
      <Form method="post" className="stack">
        <FormRefusalNote refusal={refusal} />
        <FormField
          label="Title"
          hint="How both sides will call it, such as the trade it is about."
          name="title"
          required
          maxLength={nameLengthMax}
          refusal={refusal}
        />
        <FormField label="Sector" name="sector" maxLength={nameLengthMax} refusal={refusal} />
        <TextField label="Aim" name="aim" rows={3} maxLength={proseLengthMax} refusal={refusal} />
        <fieldset className="stack">
          <legend className="h3">Organisations</legend>
          {rows.map((side, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the four rows never change their order
            <div className="field-row" key={index}>
              <FormField
                label={`Organisation ${index + 1}`}
                name="organisation"
                required={index < 2}
                maxLength={nameLengthMax}
                refusal={index === 0 ? refusal : null}
              />
              <SelectField label={`Side of organisation ${index + 1}`} name="side" defaultValue={side}>
                {sides.map((name) => (
                  <option key={name} value={name}>
                    {sideNames[name]}
                  </option>
                ))}
              </SelectField>
            </div>
          ))}
        </fieldset>
        <div className="btn-row">
          <Button look="primary">Add the partnership</Button>
        </div>
      </Form>
    </PlainPage>
  );
}
