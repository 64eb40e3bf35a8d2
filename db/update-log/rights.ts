/**
 * May this source still write? Asked inside every append's transaction, so that a
 * revoke that committed first wins, whatever the messages between threads do
 * (promises W3, B15). The rule itself is `may` of the domain; here are its facts.
 */
import type BetterSqlite3 from "better-sqlite3";
import { type Action, may } from "../../app/domain/access.ts";
import type { PartnershipId, UserId } from "../../app/domain/ids.ts";
import { type ActorColumns, actorFrom } from "../queries/access.ts";
import { serverUserId } from "../server-user.ts";
import type { SourceFacts } from "./chain.ts";
import type { RefusalReason } from "./messages.ts";

interface RightColumns extends ActorColumns {
  epoch: string;
  archived_at: number | null;
  partnership_id: string;
  session_expires_at: number | null;
}

export interface Judgement {
  readonly refused: RefusalReason | null;
  /** The judgement is void from this time on, ms; sessions end by the clock alone. */
  readonly until: number;
}

/** Asks the database about a source. Call it inside the append's transaction. */
export class Rights {
  readonly #facts: BetterSqlite3.Statement<[string | null, string, string, number]>;
  readonly #epoch: BetterSqlite3.Statement<[number]>;

  constructor(sqlite: BetterSqlite3.Database) {
    this.#epoch = sqlite.prepare("select epoch from document where number = ?").pluck();
    this.#facts = sqlite.prepare(`
      select document.epoch, document.archived_at, document.partnership_id,
        user.status as user_status, user.is_programme_admin,
        membership.role, membership.side, membership.status as membership_status,
        session.expires_at as session_expires_at
      from document
      join user on true
      left join membership on membership.partnership_id = document.partnership_id
        and membership.user_id = user.id
      left join session on session.id = ? and session.user_id = ?
      where user.id = ? and document.number = ?`);
  }

  judge(source: SourceFacts, now: number): Judgement {
    const isForPerson = source.actor_kind === "server" && source.user_id !== serverUserId;
    if (source.actor_kind !== "user" && !isForPerson) {
      const epoch = this.#epoch.get(source.document);
      const refused = epoch === undefined ? "gone" : epoch === source.epoch ? null : "epoch-changed";
      return { refused, until: Number.POSITIVE_INFINITY };
    }
    const facts = this.#facts.get(source.session_id, source.user_id, source.user_id, source.document) as
      | RightColumns
      | undefined;
    if (facts === undefined) return { refused: "gone", until: Number.POSITIVE_INFINITY };
    // A version that somebody brings back waits in a queue: the right may have ended meanwhile.
    if (isForPerson)
      return { refused: refusalOf(facts, source, "version.restore"), until: Number.POSITIVE_INFINITY };
    const expiresAt = facts.session_expires_at;
    if (expiresAt === null || expiresAt <= now)
      return { refused: "signed-out", until: Number.POSITIVE_INFINITY };
    return { refused: refusalOf(facts, source, "document.write"), until: expiresAt };
  }
}

function refusalOf(facts: RightColumns, source: SourceFacts, action: Action): RefusalReason | null {
  const partnershipId = facts.partnership_id as PartnershipId;
  const actor = actorFrom(source.user_id as UserId, partnershipId, facts);
  const allowed = may(actor, action, { partnershipId, isArchived: facts.archived_at !== null });
  if (!allowed.ok) return "right-lost";
  // After the right: somebody who lost it need not hear about the new history.
  return facts.epoch === source.epoch ? null : "epoch-changed";
}
