/** The real log with faults in front of it: slow or failing, as a test wants. */
import type { NewRow } from "../../db/update-log/rows.ts";
import type { AppendResult, StoredDocument, UpdateLog } from "../../db/update-log/update-log.ts";

export class FaultyLog implements UpdateLog {
  readonly #log: UpdateLog;
  /** Runs before each load; may wait or throw. */
  beforeLoad: () => Promise<void> = async () => {};
  /** Runs before each append; an answer replaces the log's, and nothing is stored. */
  beforeAppend: (row: NewRow) => Promise<AppendResult | null> = async () => null;
  loads = 0;
  appends = 0;
  readonly lease: UpdateLog["lease"];
  readonly rows: UpdateLog["rows"];
  readonly newerCheckpoint: UpdateLog["newerCheckpoint"];
  readonly headSeq: UpdateLog["headSeq"];
  readonly onAppended: UpdateLog["onAppended"];
  readonly openSource: UpdateLog["openSource"];

  constructor(log: UpdateLog) {
    this.#log = log;
    this.lease = (order) => log.lease(order);
    this.newerCheckpoint = (document, afterSeq) => log.newerCheckpoint(document, afterSeq);
    this.rows = (document, from, to) => log.rows(document, from, to);
    this.headSeq = (document) => log.headSeq(document);
    this.onAppended = (listener) => log.onAppended(listener);
    this.openSource = (source) => log.openSource(source);
  }

  async append(...row: Parameters<UpdateLog["append"]>): Promise<AppendResult> {
    this.appends++;
    const answer = await this.beforeAppend(row[0]);
    return answer ?? this.#log.append(...row);
  }

  async load(documentId: string): Promise<StoredDocument | null> {
    this.loads++;
    await this.beforeLoad();
    return this.#log.load(documentId);
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}

/** The disk refuses. */
export const storageFails: AppendResult = {
  ok: false,
  refusal: { reason: "storage", message: "SQLITE_FULL: database or disk is full" },
};

/** A promise that is resolved by hand. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** Waits `milliseconds` of real time: a slow disk, not a test that sleeps. */
export function slowly(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
