/**
 * What an operation may ask of the world around it. Types only: the live objects are
 * made once in `server.ts` and travel through Remix's `getLoadContext`, because Remix
 * bundles its own copy of every module a route imports, and a module with live state
 * would then exist twice (stack guide §0.5).
 */
import type { Kysely } from "kysely";
import type { FileOrder, PackedText } from "../../db/exports/packed-text.ts";
import type { Images } from "../../db/files/image-store.ts";
import type { Mail } from "../../db/mail/mail.ts";
import type { Passwords } from "../../db/passwords.ts";
import type { Schema } from "../../db/schema.ts";
import type { FirstText } from "../document/first-text.ts";
import type { DocumentId, UserId, VersionId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Side } from "../domain/sides.ts";
import type { DrawnText } from "../export/drawn-text.ts";
import type { FilePiece } from "../export/render.ts";

export type { Images } from "../../db/files/image-store.ts";
export type { Letter, Mail } from "../../db/mail/mail.ts";
export type { Passwords } from "../../db/passwords.ts";
export type Database = Kysely<Schema>;

export interface Services {
  readonly db: Database;
  /** Server time, milliseconds since 1970 in UTC. */
  now(): number;
  /** A new UUID v4. */
  newId(): string;
  /** 256 random bits as URL-safe text, for links and cookies. */
  newToken(): string;
  readonly passwords: Passwords;
  readonly mail: Mail;
  readonly live: LiveDocuments;
  readonly histories: Histories;
  readonly images: Images;
  readonly exports: Exports;
  readonly instance: Instance;
}

/** What pages need to know about this instance. */
export interface Instance {
  /** Absolute origin for links in mails, without a trailing slash. */
  readonly publicUrl: string;
  readonly isDemo: boolean;
  /** Mails land in a folder (and on a page of a demonstration instance) and are not sent. */
  readonly keepsMails: boolean;
}

/** Who a server edit is made for: named in the log row, with the side frozen. */
export interface OnBehalfOf {
  readonly userId: UserId;
  readonly side: Side | null;
  readonly actorKind: "server" | "import" | "demo";
}

/** The collaboration server, as operations see it. */
export interface LiveDocuments {
  /**
   * Something about somebody's right changed (role, membership, session, suspension,
   * archived document). Live sockets are judged again within a second (promise W3);
   * call it after the transaction has committed.
   */
  rightsChanged(which: {
    userId?: string;
    sessionId?: string;
    documentId?: string;
    partnershipId?: string;
  }): void;
  /** Tells open editors a document's new title. */
  renamed(documentId: DocumentId, title: string): void;
  /** Names of those who have the document open now. */
  peopleIn(documentId: DocumentId): readonly { userId: string; name: string; side: Side | null }[];
}

export interface CutVersion {
  readonly documentId: DocumentId;
  readonly kind: "created" | "auto" | "handover" | "named" | "before_restore" | "restored";
  readonly name: string | null;
  readonly note: string | null;
  readonly by: { readonly userId: UserId; readonly side: Side | null };
  /** Its id, where a form may be sent twice: asked for again, it is the version cut before. */
  readonly id?: VersionId;
  /** Cut exactly here; by default at the newest durable row when the call arrives. */
  readonly seq?: number;
  readonly restoredFrom?: VersionId;
  /** When it was cut, ms; now by default. Only demonstration history says otherwise (rulings 25). */
  readonly at?: number;
}

/** ProseMirror JSON of a document (see `app/document`). */
export type DocumentJson = { type: "doc"; content?: readonly unknown[] };

/**
 * History, computed in a worker from the log: no Y.Doc lives on the loop that serves
 * people. Every call names the document; callers have asked `may` before.
 */
export interface Histories {
  /** Cuts a version at a fixed row; inserts it once, complete (rulings 17). */
  cut(order: CutVersion): Promise<Result<{ versionId: VersionId; number: number }>>;
  /**
   * Brings an old version back as a forward edit by inverting history, keeps carry
   * rows, cuts "before" and "restored" versions (versions guide §1.4, rulings 18).
   * Refuses `version-elsewhere`, `already-like-this`, `history-damaged`.
   */
  restore(order: {
    documentId: DocumentId;
    versionId: VersionId;
    by: { userId: UserId; side: Side | null };
  }): Promise<Result<{ versionId: VersionId; keptApart: readonly string[] }>>;
  /** Writes the first text of a new document under a fresh client id. */
  firstText(json: DocumentJson, clientId: number): Promise<FirstText>;
  /** Writes the present text, as far as it is durable, as the first text of a copy. Refuses `not-found`. */
  firstTextOfCopy(documentId: DocumentId, clientId: number): Promise<Result<FirstText>>;
  /** A version for a file. Refuses `version-elsewhere`, `history-damaged`. */
  packVersion(
    documentId: DocumentId,
    versionId: VersionId,
  ): Promise<Result<PackedText & { readonly contentHash: string }>>;
  /** The present text for a file, as far as it is durable. Refuses `not-found`. */
  packPresent(documentId: DocumentId): Promise<Result<PackedText & { readonly seq: number }>>;
  /** A version as readers see it. Refuses as `packVersion`. */
  drawVersion(documentId: DocumentId, versionId: VersionId): Promise<Result<DrawnText>>;
  /** The present text as readers see it, as far as it is durable. */
  drawPresent(documentId: DocumentId): Promise<Result<DrawnText>>;
  /** Resolves when every follower has read the log up to the newest durable row. */
  caughtUp(): Promise<void>;
}

/** Files, drawn in a worker that is ended when one takes too long. */
export interface Exports {
  /** Refuses `export-too-long`. */
  render(order: FileOrder): Promise<Result<readonly FilePiece[]>>;
}
