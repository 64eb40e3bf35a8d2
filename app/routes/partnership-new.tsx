/** An administrator brings a provider and an employer together in a programme. */
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "../components/button.tsx";
import { FormField, FormRefusalNote, SelectField, TextField } from "../components/form.tsx";
import { PlainPage } from "../components/shell.tsx";
import { nameLengthMax, proseLengthMax } from "../domain/partnership.ts";
import type { Refusal } from "../domain/refusals.ts";
import { sideNames, sides } from "../domain/sides.ts";
import { createPartnership } from "../operations/create-partnership.ts";
import { readProgrammeForAdministrator } from "../operations/read-programme-for-administrator.ts";
import { answerForm } from "../web/answer-form.server.ts";
import type { Form as SentForm } from "../web/forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusedForm, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction = () => [{ title: "Add a partnership · Two-Way" }];

export async function loader(args: LoaderFunctionArgs) {
  const signedIn = await requireUser(args);
  const programme = await readProgrammeForAdministrator(signedIn.services, signedIn, args.params.slug ?? "");
  if (!programme.ok) throwRefusal(programme.refusal);
  return { ...programme.value, once: signedIn.services.newId() };
}

export async function action(args: ActionFunctionArgs) {
  return answerForm(args, refused, async (signedIn, form) => {
    const { text, texts } = form;
    const made = await createPartnership(signedIn.services, signedIn, {
      programmeSlug: args.params.slug ?? "",
      title: text("title"),
      sector: text("sector"),
      aim: text("aim"),
      organisationNames: texts("organisation"),
      organisationSides: texts("side"),
      once: text("once"),
    });
    if (!made.ok) return refused(made.refusal, form);
    return redirect(`/partnerships/${made.value.slug}`);
  });
}

function refused(refusal: Refusal, form: SentForm) {
  const answer = refusedForm(refusal, form.typed());
  const rowsTyped = { organisations: form.texts("organisation"), sides: form.texts("side") };
  return data({ ...answer.data, ...rowsTyped }, answer.init ?? undefined);
}

/** Four rows are enough for every partnership on the public record (two and two). */
const rows = ["provider", "employer", "provider", "employer"] as const;

export default function PartnershipNew() {
  const programme = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const refusal = answer?.refusal;
  /** A field with what was typed into it at the last try. */
  const field = (name: string) => ({ name, refusal, defaultValue: answer?.typed[name] });
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
        <input type="hidden" name="once" value={programme.once} />
        <FormRefusalNote refusal={refusal} />
        <FormField
          label="Title"
          hint="How both sides will call it, such as the trade it is about."
          required
          maxLength={nameLengthMax}
          {...field("title")}
        />
        <FormField label="Sector" maxLength={nameLengthMax} {...field("sector")} />
        <TextField label="Aim" rows={3} maxLength={proseLengthMax} {...field("aim")} />
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
                defaultValue={answer?.organisations[index]}
                refusal={index === 0 ? refusal : null}
              />
              <SelectField
                label={`Side of organisation ${index + 1}`}
                name="side"
                defaultValue={answer?.sides[index] ?? side}
              >
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
