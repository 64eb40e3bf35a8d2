/** Histories with a worker of their own over a test's log, and all that they tell. */
import type * as Y from "yjs";
import { contentHash } from "../../../app/document/canonical.ts";
import { readDocument } from "../../../app/document/read-fragment.ts";
import type { DocumentId, UserId } from "../../../app/domain/ids.ts";
import type { Damage } from "../held-documents.ts";
import type { HistoriesOptions, RunningHistories } from "../histories.ts";
import type { Aside } from "../set-aside.ts";
import type { FollowWorld } from "./plan-world.ts";

/** What histories have told since they were opened. */
export interface Heard {
  readonly damage: Damage[];
  readonly asides: Aside[];
  readonly notices: (readonly string[])[];
  readonly troubles: string[];
}

/** Nothing so far. */
export const heardNothing = (): Heard => ({ damage: [], asides: [], notices: [], troubles: [] });

/** Options of histories that follow this log by this clock; what they tell is put into `heard`. */
export function historiesOptions(world: FollowWorld, now: () => number, heard: Heard): HistoriesOptions {
  return {
    path: world.database.path,
    log: world.log,
    now,
    newId: () => crypto.randomUUID(),
    appendServerEdit: world.appendServerEdit(now),
    onDamage: (found) => heard.damage.push(found),
    onAside: (aside) => heard.asides.push(aside),
    onRestored: (...which) => heard.notices.push(which),
    onTrouble: (message) => heard.troubles.push(message),
  };
}

export const hashOf = (doc: Y.Doc) => {
  const { json, maps } = readDocument(doc);
  return contentHash(json, maps);
};

/** The provider's leader, who names versions and brings them back. */
export const leaderOf = (world: FollowWorld) => ({
  userId: world.world.provider.userId as UserId,
  side: "provider" as const,
});

/** Cuts a named version of the text as it is at `seq`, or now. */
export const named = (
  { world, histories }: { readonly world: FollowWorld; readonly histories: RunningHistories },
  documentId: string,
  name: string,
  seq?: number,
) =>
  histories.cut({
    documentId: documentId as DocumentId,
    kind: "named",
    name,
    note: null,
    by: leaderOf(world),
    seq,
  });

/** The value of a call that must not have been refused. */
export function value<T>(result: { ok: true; value: T } | { ok: false; refusal: { code: string } }): T {
  if (!result.ok) throw new Error(`Refused: ${result.refusal.code}`);
  return result.value;
}
