/** The two fields in which a password is chosen: after a lost one, and in the account. */
import { passwordLengthMax, passwordLengthMin } from "../domain/passwords.ts";
import { FormField, type FormRefusal } from "./form.tsx";

export const newPasswordHint = `At least ${passwordLengthMin} characters. Three or four words are easy to remember.`;

/** `name` is that of the first field; the second is always `repeated`. */
export function NewPasswordFields({ name, refusal }: { name: string; refusal?: FormRefusal | null }) {
  const common = {
    type: "password",
    autoComplete: "new-password",
    required: true,
    maxLength: passwordLengthMax,
    refusal,
  };
  return (
    <>
      <FormField label="New password" hint={newPasswordHint} name={name} {...common} />
      <FormField label="The same again" name="repeated" {...common} />
    </>
  );
}
