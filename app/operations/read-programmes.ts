/** The programmes a person may see, for the list and for the way into the only one. */
import { type ProgrammeRow, programmesForUser } from "../../db/queries/programmes.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Refuses nothing: somebody without a programme gets an empty list. */
export async function readProgrammes(
  services: Pick<Services, "db">,
  asker: Asker,
): Promise<Result<readonly ProgrammeRow[]>> {
  return ok(await programmesForUser(services.db, asker.userId));
}
