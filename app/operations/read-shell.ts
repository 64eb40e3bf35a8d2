/** What the top bar shows of the signed-in person: name, work, and the side if it is the same everywhere. */
import { partnershipsOfUser } from "../../db/queries/partnerships.ts";
import type { Side } from "../domain/sides.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type ShellView = { readonly organisation: string | null; readonly side: Side | null };

/** Somebody who sits on different sides in different partnerships shows none. Refuses nothing. */
export async function readShell(services: Pick<Services, "db">, asker: Asker): Promise<ShellView> {
  const memberships = await partnershipsOfUser(services.db, asker.userId);
  const only = <T>(values: readonly T[]): T | null =>
    new Set(values).size === 1 ? (values[0] ?? null) : null;
  return {
    organisation: only(memberships.map((membership) => membership.organisation)),
    side: only(memberships.map((membership) => membership.side)),
  };
}
