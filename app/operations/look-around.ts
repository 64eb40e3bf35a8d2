/**
 * "Look around as …": one click into a demonstration instance, as a leader of each side,
 * a facilitator, a commenter or an observer. Elsewhere it does not exist.
 */
import { countTry } from "../../db/queries/rate-limits.ts";
import { type Role, roles } from "../domain/access.ts";
import { isId, type UserId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { type Side, sides } from "../domain/sides.ts";
import type { Services } from "./services.ts";
import { type Browser, type StartedSession, startSession } from "./start-session.ts";

export type DemonstrationPerson = {
  readonly userId: UserId;
  readonly name: string;
  readonly jobTitle: string | null;
  readonly organisation: string;
  readonly side: Side;
  readonly role: Role;
};

const shownRoles: readonly Role[] = ["leader", "facilitator", "commenter", "observer"];
const window = 15 * 60_000;
const sessionsPerNetwork = 1_000;

/** People marked for it, who hold no rights beyond their partnerships. */
function demonstrationPeople(services: Pick<Services, "db">) {
  return services.db
    .selectFrom("user")
    .innerJoin("membership", "membership.user_id", "user.id")
    .innerJoin("organisation", "organisation.id", "membership.organisation_id")
    .select([
      "user.id",
      "user.name",
      "user.job_title",
      "organisation.name as organisation",
      "membership.side",
      "membership.role",
    ])
    .where("user.is_demo", "=", 1)
    .where("user.is_programme_admin", "=", 0)
    .where("user.status", "=", "active")
    .where("membership.status", "=", "active");
}

/** One person a side and role, leaders first; nobody unless this is a demonstration. */
export async function listDemonstrationPeople(
  services: Pick<Services, "db" | "instance">,
): Promise<readonly DemonstrationPerson[]> {
  if (services.instance.isDemo !== true) return [];
  const rows = await demonstrationPeople(services)
    .where("membership.role", "in", [...shownRoles])
    .orderBy("membership.joined_at")
    .orderBy("user.name")
    .execute();
  const people: DemonstrationPerson[] = [];
  for (const row of rows) {
    const side = row.side as Side;
    const role = row.role as Role;
    // Leaders of both writing sides; of the others one person a role is enough.
    const isWriter = side === "provider" || side === "employer";
    if (role === "leader" && !isWriter) continue;
    const isShown = people.some(
      (person) =>
        person.userId === row.id || (person.role === role && (role !== "leader" || person.side === side)),
    );
    if (isShown) continue;
    people.push({
      userId: row.id as UserId,
      name: row.name,
      jobTitle: row.job_title,
      organisation: row.organisation,
      side,
      role,
    });
  }
  const rank = (person: DemonstrationPerson) =>
    roles.indexOf(person.role) * sides.length + sides.indexOf(person.side);
  return people.sort((one, other) => rank(one) - rank(other));
}

/** Refuses `demo-only`, `not-found` for people who are not offered, and `too-many-tries`. */
export async function lookAroundAs(
  services: Pick<Services, "db" | "instance" | "now" | "newId" | "newToken" | "live">,
  input: { readonly userId: string; readonly network: string; readonly browser: Browser },
): Promise<Result<StartedSession>> {
  if (services.instance.isDemo !== true) return refuse("demo-only");
  if (!isId(input.userId)) return refuse("not-found");
  const tries = await countTry(services.db, `look-around:${input.network}`, services.now(), window);
  if (tries > sessionsPerNetwork) return refuse("too-many-tries", { minutes: 15 });
  const person = await demonstrationPeople(services)
    .where("user.id", "=", input.userId)
    .limit(1)
    .executeTakeFirst();
  if (person === undefined) return refuse("not-found");
  return ok(await startSession(services, person.id, input.browser, false));
}
