/** Rows of the log on their way in. See `db/schema.ts` for what is stored. */

export interface NewRow {
  readonly document: number;
  /** From `openSource`. */
  readonly source: number;
  readonly at: number;
  /** Yjs client ids whose structs this update adds. */
  readonly clientIds: readonly number[];
  /** Yjs update, encoding v1. */
  readonly bytes: Uint8Array;
}

/** What must become true in the same transaction as the row. */
export interface Companions {
  readonly carry?: readonly {
    toClient: number;
    toClock: number;
    length: number;
    fromClient: number;
    fromClock: number;
    kind: string;
  }[];
  /** A complete version row; `seq` is filled in with the appended row's. */
  readonly version?: Omit<import("../schema.ts").VersionTable, "seq">;
}
