/**
 * The first administrator of an instance has nobody to invite them: whoever runs the
 * server names them at its console and hands over a link to choose a password.
 */
import { appendAudit } from "../../db/audit.ts";
import { hashSecret } from "../../db/queries/sessions.ts";
import { plainEmail } from "../domain/emails.ts";
import { parseLine } from "../domain/partnership.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { resetLifetime } from "./request-password-reset.ts";
import type { Services } from "./services.ts";

/**
 * Makes this person an administrator, known or new, and answers the token of a link
 * that lets them choose a password (one hour, one use). Refuses `email-invalid`,
 * `empty-title` (no name for a new person) and `text-too-long`.
 */
export async function nameAdministrator(
  services: Pick<Services, "db" | "now" | "newId" | "newToken">,
  input: { readonly email: string; readonly name: string },
): Promise<Result<{ token: string; isNew: boolean }>> {
  const email = plainEmail(input.email);
  if (email === null) return refuse("email-invalid", {}, "email");
  const name = parseLine(input.name, "name", { required: false });
  if (!name.ok) return name;

  const at = services.now();
  const token = services.newToken();
  return services.db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom("user")
      .select(["id", "is_programme_admin"])
      .where("email", "=", email)
      .executeTakeFirst();
    if (!known && name.value === null) return refuse("name-missing", {}, "name");
    const id = known?.id ?? services.newId();
    if (known) {
      await trx.updateTable("user").set({ is_programme_admin: 1 }).where("id", "=", id).execute();
    } else {
      await trx
        .insertInto("user")
        .values({
          id,
          email,
          name: name.value ?? email,
          job_title: null,
          password_hash: null,
          status: "active",
          is_programme_admin: 1,
          kind: "person",
          is_demo: 0,
          created_at: at,
        })
        .execute();
    }
    await trx
      .insertInto("password_reset")
      .values({
        token_hash: hashSecret(token),
        user_id: id,
        created_at: at,
        expires_at: at + resetLifetime,
        used_at: null,
      })
      .execute();
    await appendAudit(trx, {
      at,
      actorUserId: null,
      partnershipId: null,
      verb: "user.named-administrator",
      objectType: "user",
      objectId: id,
      before: { isProgrammeAdmin: known?.is_programme_admin === 1 },
      after: { isProgrammeAdmin: true },
    });
    return ok({ token, isNew: !known });
  });
}
