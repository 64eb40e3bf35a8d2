/**
 * Who may open a live connection to which document, decided before the 101 and again
 * whenever rights change. The same decision answers `GET /collab/<id>/status`, because
 * a browser is not told why an upgrade failed (rulings 12).
 *
 * It takes no lease and opens no room: `main.ts` does, once this has said yes.
 */
import type { IncomingMessage } from "node:http";
import type { Kysely } from "kysely";
import { schemaNumber } from "../app/document/schema-version.ts";
import { type CloseCode, closeCodes, collabPath, type HandshakeQuery, limits } from "../app/document/wire.ts";
import { may, sideOf } from "../app/domain/access.ts";
import { isId } from "../app/domain/ids.ts";
import type { RefusalCode } from "../app/domain/refusals.ts";
import type { Side } from "../app/domain/sides.ts";
import { sessionEnd } from "../app/operations/read-session.ts";
import { clientIdsOfOthers, type LiveAsk, type LiveRights } from "../db/queries/live-rights.ts";
import type { Schema } from "../db/schema.ts";

/** Someone who has been let in, with all that a connection needs to know of them. */
export interface Grant {
  readonly userId: string;
  readonly sessionId: string;
  readonly name: string;
  readonly side: Side | null;
  readonly organisation: string | null;
  readonly canWrite: boolean;
  /** What refuses writing; null for who may. */
  readonly whyNotWrite: RefusalCode | null;
  readonly document: LiveRights["document"];
}

export interface Denial {
  /** For the answer to an upgrade. */
  readonly status: number;
  /** For an open socket, and for the page that asks why. */
  readonly code: CloseCode;
  readonly refusal: RefusalCode;
}

export type Judgement = { readonly ok: true; readonly grant: Grant } | ({ readonly ok: false } & Denial);

const deny = (status: number, code: CloseCode, refusal: RefusalCode): Judgement => ({
  ok: false,
  status,
  code,
  refusal,
});

export interface Judge {
  readonly db: Kysely<Schema>;
  now(): number;
  /** Null where document or person does not exist. */
  readRights(ask: LiveAsk): Promise<LiveRights | null>;
  readSession(
    cookieHeader: string | undefined,
  ): Promise<{ readonly sessionId: string; readonly userId: string } | null>;
}

/** Headers of a request for a live connection, beyond what Node's parser limits (characters). */
const headLengthMax = 4_096;

/**
 * Does a request bring more headers than any browser of ours does? Cookies are left out:
 * other sites of the same host put theirs into it, and nobody here can take them away.
 * Node's parser limits the whole.
 */
export function isHeadTooLarge({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): boolean {
  let length = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = "", value = ""] = rawHeaders.slice(i, i + 2);
    if (name.toLowerCase() !== "cookie") length += name.length + value.length;
  }
  return length > headLengthMax;
}

/** The document id of a live address, or null: exact spelling, no tricks (promise W11). */
export function documentIdIn(url: string | undefined, suffix = ""): string | null {
  const path = (url ?? "").split("?", 1)[0] ?? "";
  if (!path.startsWith(collabPath) || !path.endsWith(suffix)) return null;
  const id = path.slice(collabPath.length, path.length - suffix.length);
  return isId(id) ? id : null;
}

/** The query of a handshake, or null when it is not complete and well formed. */
export function handshakeQueryIn(url: string | undefined): HandshakeQuery | null {
  const text = url ?? "";
  const query = new URLSearchParams(text.includes("?") ? text.slice(text.indexOf("?") + 1) : "");
  const schema = decimal(query.get("schema"), 2 ** 31);
  const client = decimal(query.get("client"), 2 ** 32 - 1);
  const have = decimal(query.get("have") ?? "0", Number.MAX_SAFE_INTEGER);
  const epoch = query.get("epoch");
  const alsoText = query.get("also") ?? "";
  const also = alsoText === "" ? [] : alsoText.split(",").map((part) => decimal(part, 2 ** 32 - 1));
  if (schema === null || client === null || have === null || epoch === null || epoch.length > 64) return null;
  if (also.length > limits.leasedClientsPerConnect || also.includes(null)) return null;
  const writes = query.get("writes") === "1";
  return { schema, epoch, client, also: also.filter((id) => id !== null), have, writes };
}

function decimal(text: string | null, max: number): number | null {
  if (text === null || !/^\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return value <= max ? value : null;
}

/** May the sender of this request join, with this cookie, schema, epoch and client id? */
export async function judgeRequest(
  judge: Judge,
  request: IncomingMessage,
  documentId: string | null,
  query: HandshakeQuery | null,
  /** The caller leases the client id next, and hears then whether it is somebody else's. */
  willLease = false,
): Promise<Judgement> {
  const session = await judge.readSession(request.headers.cookie);
  if (session === null) return deny(401, closeCodes.signedOut, "signed-out");
  if (documentId === null) return deny(404, closeCodes.gone, "not-found");
  const judgement = await judgePerson(judge, session, documentId);
  if (!judgement.ok) return judgement;
  if (query === null) return deny(400, closeCodes.badMessage, "form-incomplete");
  const { document, whyNotWrite } = judgement.grant;
  // Let in as a reader it would hold back what its person goes on typing, and never be told.
  if (query.writes && whyNotWrite !== null) return deny(403, closeCodes.rightLost, whyNotWrite);
  if (query.schema !== schemaNumber || document.schemaNumber > query.schema)
    return deny(409, closeCodes.editorTooOld, "editor-too-old");
  if (query.epoch !== document.epoch) return deny(409, closeCodes.epochChanged, "history-replaced");
  if (willLease) return judgement;
  const taken = await clientIdsOfOthers(judge.db, document.lineageId, session.userId, [query.client]);
  if (taken.length > 0) return deny(409, closeCodes.leaseRefused, "client-of-another");
  return judgement;
}

/** May this person, in this session, be connected to the document now? */
export async function judgePerson(
  judge: Pick<Judge, "readRights" | "now">,
  session: { readonly sessionId: string; readonly userId: string },
  documentId: string,
): Promise<Judgement> {
  const rights = await judge.readRights({ ...session, documentId });
  if (rights === null) return deny(404, closeCodes.gone, "not-found");
  const { actor, document } = rights;
  if (rights.session === null || sessionEnd(rights.session) <= judge.now())
    return deny(401, closeCodes.signedOut, "signed-out");
  const reading = may(actor, "document.read", document);
  if (!reading.ok) {
    const refusal = reading.refusal.code;
    if (refusal === "not-found") return deny(404, closeCodes.gone, refusal);
    if (refusal === "account-suspended") return deny(401, closeCodes.signedOut, refusal);
    return deny(403, closeCodes.rightLost, refusal);
  }
  const writing = may(actor, "document.write", document);
  return {
    ok: true,
    grant: {
      ...session,
      name: rights.name,
      side: sideOf(actor),
      organisation: rights.organisation,
      canWrite: writing.ok,
      whyNotWrite: writing.ok ? null : writing.refusal.code,
      document,
    },
  };
}
