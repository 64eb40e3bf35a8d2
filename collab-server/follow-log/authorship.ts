/**
 * Counts, row by row, who deleted what and how much each person wrote on a day. Kept by
 * document until it is stored, because one document's counts may have to wait, or to be
 * taken again, while the others' are committed.
 */
import type { RowFacts } from "./apply-row.ts";
import type { Author } from "./author-of.ts";
import type { Activity, FollowerTables } from "./follower-tables.ts";
import type { IdRanges } from "./id-ranges.ts";
import type { LogRow } from "./log-rows.ts";

type Deletion = { readonly seq: number; readonly author: Author; readonly ranges: IdRanges };
type Counted = { readonly deletions: Deletion[]; readonly activity: Map<string, Activity> };

const dayMs = 24 * 60 * 60 * 1000;

export class Authorship {
  readonly #tables: FollowerTables;
  readonly #counted = new Map<number, Counted>();
  /** The day (UTC) of the row counted last, spelt once. */
  #day = { number: Number.NaN, name: "" };

  constructor(tables: FollowerTables) {
    this.#tables = tables;
  }

  count(row: LogRow, facts: RowFacts): void {
    if (row.source === null) return;
    const isPerson = row.source.actorKind === "user" || row.source.actorKind === "demo";
    const author: Author = isPerson
      ? { userId: row.source.userId, side: row.source.side }
      : { userId: this.#tables.serverUserId, side: null };
    const { deletions, activity } = this.#of(row.document);
    if (!facts.deleted.isEmpty) deletions.push({ seq: row.seq, author, ranges: facts.deleted });
    // The first row of a document is its template or import: nobody's writing.
    if (!isPerson || row.seq === 1 || facts.charactersAdded + facts.charactersRemoved === 0) return;
    const day = this.#dayOf(row.at);
    const key = `${day}|${author.userId}`;
    const known = activity.get(key);
    if (known) {
      known.side = author.side;
      known.added += facts.charactersAdded;
      known.removed += facts.charactersRemoved;
      known.firstAt = Math.min(known.firstAt, row.at);
      known.lastAt = Math.max(known.lastAt, row.at);
      return;
    }
    activity.set(key, {
      document: row.document,
      day,
      ...author,
      added: facts.charactersAdded,
      removed: facts.charactersRemoved,
      firstAt: row.at,
      lastAt: row.at,
    });
  }

  /** Documents with something that is not stored. */
  documents(): readonly number[] {
    return [...this.#counted.keys()];
  }

  /** Inside the followers' transaction. */
  store(document: number): void {
    const counted = this.#counted.get(document);
    for (const { seq, author, ranges } of counted?.deletions ?? [])
      this.#tables.addDeletion(document, seq, author, ranges);
    for (const activity of counted?.activity.values() ?? []) this.#tables.addActivity(activity);
  }

  /** What was counted of a document is stored, or will be counted anew. */
  drop(document: number): void {
    this.#counted.delete(document);
  }

  /** Who deleted what in rows after `afterSeq` up to `toSeq`, committed or not yet. */
  deletionsOf(document: number, afterSeq: number, toSeq: number) {
    const waiting = (this.#counted.get(document)?.deletions ?? []).filter(
      ({ seq }) => seq > afterSeq && seq <= toSeq,
    );
    return [...this.#tables.deletions(document, afterSeq, toSeq), ...waiting];
  }

  #of(document: number): Counted {
    let counted = this.#counted.get(document);
    if (counted === undefined) {
      counted = { deletions: [], activity: new Map() };
      this.#counted.set(document, counted);
    }
    return counted;
  }

  #dayOf(at: number): string {
    const number = Math.floor(at / dayMs);
    if (number !== this.#day.number) this.#day = { number, name: new Date(at).toISOString().slice(0, 10) };
    return this.#day.name;
  }
}
