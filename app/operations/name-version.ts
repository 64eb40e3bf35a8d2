/** Keeps the present text as a version with a name both sides will recognise. */
import { documentForUser } from "../../db/queries/access.ts";
import { may, sideOf } from "../domain/access.ts";
import { versionNameMax, versionNoteMax } from "../domain/documents.ts";
import { isId, type VersionId } from "../domain/ids.ts";
import { oneLine } from "../domain/one-line.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { onceId } from "./once-id.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/**
 * The version is the newest durable row when the call arrives: the form waits for its
 * own acknowledgement before it is sent (rulings 17). Refuses `not-found`,
 * `not-allowed`, `version-name-missing`, `text-too-long`, `not-saved`.
 */
export async function nameVersion(
  services: Pick<Services, "db" | "histories">,
  asker: Asker,
  input: {
    readonly documentId: string;
    readonly name: string;
    readonly note?: string | null;
    /** Drawn with the form: sent twice, it keeps one version. */
    readonly once?: string;
  },
): Promise<Result<{ versionId: VersionId; number: number }>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "version.name", document);
  if (!allowed.ok) return allowed;
  const name = oneLine(input.name);
  if (name === "") return refuse("version-name-missing", {}, "name");
  const nameLength = [...name].length;
  if (nameLength > versionNameMax)
    return refuse("text-too-long", { max: versionNameMax, length: nameLength }, "name");
  const note = (input.note ?? "").normalize("NFC").trim();
  const noteLength = [...note].length;
  if (noteLength > versionNoteMax)
    return refuse("text-too-long", { max: versionNoteMax, length: noteLength }, "note");
  const { once } = input;
  const cut = await services.histories.cut({
    ...(isId(once)
      ? { id: onceId(once, "version", document.id, asker.userId, name, note) as VersionId }
      : {}),
    documentId: document.id,
    kind: "named",
    name,
    note: note === "" ? null : note,
    by: { userId: asker.userId, side: sideOf(actor) },
  });
  return cut.ok ? ok(cut.value) : cut;
}
