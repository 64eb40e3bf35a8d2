/** Either side keeps the partnership's profile. */
import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "../components/button.tsx";
import { FormField, FormRefusalNote, SelectField, TextField } from "../components/form.tsx";
import { Page } from "../components/shell.tsx";
import {
  nameLengthMax,
  partnershipStateNames,
  partnershipStates,
  proseLengthMax,
} from "../domain/partnership.ts";
import { editProfile, readProfile } from "../operations/edit-profile.ts";
import { readForm } from "../web/forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { refusedForm, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction = () => [{ title: "Profile · Two-Way" }];

export async function loader(args: LoaderFunctionArgs) {
  const signedIn = await requireUser(args);
  const profile = await readProfile(signedIn.services, signedIn, args.params.slug ?? "");
  if (!profile.ok) throwRefusal(profile.refusal);
  return profile.value;
}

export async function action(args: ActionFunctionArgs) {
  const signedIn = await requireUser(args);
  const slug = args.params.slug ?? "";
  const { text } = await readForm(args.request);
  const edited = await editProfile(signedIn.services, signedIn, slug, {
    title: text("title"),
    sector: text("sector"),
    region: text("region"),
    aim: text("aim"),
    background: text("background"),
    intendedImpact: text("intended_impact"),
    sustainability: text("sustainability"),
    contactLabel: text("contact_label"),
    startsOn: text("starts_on"),
    endsOn: text("ends_on"),
    state: text("state"),
  });
  if (!edited.ok) return refusedForm(edited.refusal);
  return redirect(`/partnerships/${encodeURIComponent(slug)}`);
}

export default function PartnershipProfile() {
  const profile = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>()?.refusal;
  const line = { maxLength: nameLengthMax, refusal };
  const prose = { maxLength: proseLengthMax, rows: 4, refusal };
  return (
    <Page
      title="Profile"
      lead="What this partnership is for. Both sides read and keep it; leave out what is not known."
      crumbs={[{ label: profile.title, to: `/partnerships/${profile.slug}` }, { label: "Profile" }]}
    >
      <Form method="post" className="stack profile-form">
        <FormRefusalNote refusal={refusal} />
        <FormField label="Title" name="title" required defaultValue={profile.title} {...line} />
        <SelectField label="State" name="state" defaultValue={profile.state} refusal={refusal}>
          {partnershipStates.map((state) => (
            <option key={state} value={state}>
              {partnershipStateNames[state]}
            </option>
          ))}
        </SelectField>
        <FormField label="Sector" name="sector" defaultValue={profile.sector ?? ""} {...line} />
        <FormField label="Region" name="region" defaultValue={profile.region ?? ""} {...line} />
        <TextField label="Aim" name="aim" defaultValue={profile.aim ?? ""} {...prose} />
        <TextField label="Background" name="background" defaultValue={profile.background ?? ""} {...prose} />
        <TextField
          label="Intended impact"
          name="intended_impact"
          defaultValue={profile.intended_impact ?? ""}
          {...prose}
        />
        <TextField
          label="Sustainability"
          hint="What stays when the funding ends."
          name="sustainability"
          defaultValue={profile.sustainability ?? ""}
          {...prose}
        />
        <FormField
          label="Contact"
          hint="A role and an organisation, not a private address."
          name="contact_label"
          defaultValue={profile.contact_label ?? ""}
          {...line}
        />
        <div className="field-row">
          <FormField
            label="Starts"
            name="starts_on"
            type="date"
            defaultValue={profile.starts_on ?? ""}
            refusal={refusal}
          />
          <FormField
            label="Ends"
            name="ends_on"
            type="date"
            defaultValue={profile.ends_on ?? ""}
            refusal={refusal}
          />
        </div>
        <div className="btn-row">
          <Button look="primary">Save the profile</Button>
          <ButtonLink to={`/partnerships/${profile.slug}`}>Back without saving</ButtonLink>
        </div>
      </Form>
    </Page>
  );
}
