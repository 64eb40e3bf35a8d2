/**
 * Plays the story of a demonstration document into the real log: every run of typing is
 * a row of its own, under a client id leased to the person who sits there, with the
 * time of the story (rulings 25). Authorship, activity and versions come out of the log
 * like everybody else's.
 *
 * The same story gives the same bytes, so that a load that was interrupted goes on
 * behind the newest row. It runs once, before the server serves anybody; that is why a
 * Y.Doc may live on this thread.
 */
import * as Y from "yjs";
import type { DocumentId, UserId } from "../../app/domain/ids.ts";
import { sentenceOf } from "../../app/domain/refusals.ts";
import type { Side } from "../../app/domain/sides.ts";
import { freshClientId } from "../../app/operations/create-document.ts";
import type { Database, Histories } from "../../app/operations/services.ts";
import type { UpdateLog } from "../update-log/update-log.ts";
import type { Sitting } from "./illustrative/script.ts";
import { demoId, demoIds } from "./record.ts";
import { StoryTypist } from "./story-typist.ts";

export type Writer = { readonly userId: UserId; readonly side: Side };

export type StoryServices = {
  readonly db: Database;
  readonly log: UpdateLog;
  readonly histories: Histories;
};

/** Plays the sittings, in the order of time. `at` turns a moment of the story into ms. */
export async function writeHistory(
  services: StoryServices,
  documentId: DocumentId,
  sittings: readonly Sitting[],
  story: {
    readonly writers: Readonly<Record<string, Writer>>;
    at(moment: string): number;
  },
): Promise<void> {
  const { db, log } = services;
  const document = await db
    .selectFrom("document")
    .select(["number", "epoch", "lineage_id", "schema_number"])
    .where("id", "=", documentId)
    .executeTakeFirstOrThrow();
  const stored = await log.load(documentId);
  const [template] = await log.rows(document.number, 1, 1);
  if (stored === null || template === undefined) throw new Error(`Document ${documentId} has no first row`);
  // Rows of an earlier, interrupted load are written already.
  const firstMissing = stored.headSeq + 1;
  const typist = new StoryTypist(template.bytes, demoIds(`blocks of ${documentId}`));

  let seq = 1;
  for (const [number, sitting] of sittings.entries()) {
    const writer = story.writers[sitting.who];
    if (writer === undefined) throw new Error(`Nobody is called ${sitting.who}`);
    const clientId = freshClientId(demoId(`client ${documentId} ${number}`));
    const order = { lineage: document.lineage_id, userId: writer.userId, side: writer.side, sessionId: null };
    let at = story.at(sitting.at);
    const lease = await log.lease({ ...order, clientIds: [clientId], at });
    if (lease.refused.length > 0) throw new Error(`Client id ${clientId} belongs to somebody else`);
    const source = await log.openSource({
      ...order,
      document: document.number,
      epoch: document.epoch,
      schemaNumber: document.schema_number,
      actorKind: "demo",
    });

    for (const act of sitting.acts) {
      if (act.act === "name") {
        await nameOnce(services, documentId, { seq, at, name: act.name, note: act.note, writer });
        continue;
      }
      const rows = typist.write(act, clientId).map(({ bytes, tookMs }) => {
        seq += 1;
        at += tookMs;
        // A pure deletion adds no structs and so names no client id.
        const clientIds = [...Y.parseUpdateMeta(bytes).to.keys()];
        return { seq, row: { document: document.number, source, at, clientIds, bytes } };
      });
      const answers = await Promise.all(
        rows.filter((one) => one.seq >= firstMissing).map((one) => log.append(one.row)),
      );
      for (const answer of answers) {
        if (!answer.ok) throw new Error(`The log refused a row of the story: ${answer.refusal.reason}`);
      }
    }
  }
}

/** Names a version at this row, unless an earlier load has. */
async function nameOnce(
  services: StoryServices,
  documentId: DocumentId,
  version: {
    readonly seq: number;
    readonly at: number;
    readonly name: string;
    readonly note: string | null;
    readonly writer: Writer;
  },
): Promise<void> {
  const known = await services.db
    .selectFrom("version")
    .select("id")
    .where("document_id", "=", documentId)
    .where("kind", "=", "named")
    .where("name", "=", version.name)
    .executeTakeFirst();
  if (known) return;
  // Automatic versions of what was written before come first, as they would have then.
  await services.histories.caughtUp();
  const cut = await services.histories.cut({
    documentId,
    kind: "named",
    name: version.name,
    note: version.note,
    by: version.writer,
    seq: version.seq,
    at: version.at,
  });
  if (!cut.ok) throw new Error(`A version of the story was not cut: ${sentenceOf(cut.refusal)}`);
}
