import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Writer } from "./testing/plan-world.ts";
import { type FollowWorld, minute, openFollowWorld, tenOClock, textOfBlock } from "./testing/plan-world.ts";

let world: FollowWorld;
beforeEach(async () => {
  world = await openFollowWorld();
});
afterEach(() => world.close());

const words = (count: number, from: string) =>
  Array.from({ length: count }, (_, index) => `${from}${index}`).join(" ");

async function write(writer: Writer, text: string, at: number): Promise<void> {
  await writer.receive();
  textOfBlock(writer.doc, 1).insert(0, `${text} `);
  await writer.send(at);
}

const stored = (sqlite: ReturnType<FollowWorld["sqlite"]>) =>
  sqlite
    .prepare(
      "select number, seq, kind, created_at, content_hash, words, authors from version order by document_id, number",
    )
    .all() as { number: number; seq: number; kind: string; created_at: number; authors: string }[];

describe("automatic versions of a document", () => {
  it("follow the times of the rows, live or replayed: the same versions", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    const employer = await world.writer(document, "employer");
    const live = world.follow();
    const step = (now: number) => {
      live.follow.read();
      live.follow.quiet(now);
      live.follow.flush({ all: true, now });
    };
    step(tenOClock);
    await write(college, words(15, "a"), tenOClock + minute);
    step(tenOClock + minute);
    await write(college, words(15, "b"), tenOClock + 2 * minute);
    step(tenOClock + 5 * minute);
    // Quiet for ten minutes: 30 words are worth a version.
    step(tenOClock + 13 * minute);
    await write(college, words(5, "c"), tenOClock + 20 * minute);
    // Five words are not.
    step(tenOClock + 40 * minute);
    // The other side takes up after more than 30 minutes.
    await write(employer, words(25, "d"), tenOClock + 55 * minute);
    step(tenOClock + 56 * minute);
    step(tenOClock + 70 * minute);
    // Its own pause was kept as "auto"; when the college takes up, it becomes the hand-over.
    await write(college, words(1, "e"), tenOClock + 120 * minute);
    step(tenOClock + 121 * minute);

    const lived = stored(live.sqlite);
    expect(
      lived.map(({ number, seq, kind, created_at }) => [
        number,
        seq,
        kind,
        (created_at - tenOClock) / minute,
      ]),
    ).toEqual([
      [1, 1, "created", 0],
      [2, 3, "auto", 2],
      [3, 4, "handover", 20],
      [4, 5, "handover", 55],
    ]);
    expect(
      lived.map(({ authors }) =>
        (JSON.parse(authors) as { side: string; added: number }[]).map(({ side }) => side),
      ),
    ).toEqual([[], ["provider"], ["provider"], ["employer"]]);

    // The same log, read at once by followers that were not there.
    live.sqlite.exec(
      "delete from archive; delete from follower; drop trigger version_is_kept; delete from version",
    );
    const replay = world.follow();
    replay.follow.read();
    replay.follow.flush({ all: true, now: 0 });
    expect(stored(replay.sqlite)).toEqual(lived);
  });

  it("are thinned by age, but never one that something was restored from", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    const { follow, sqlite } = world.follow();
    for (let i = 1; i <= 5; i++) await write(college, words(30, `w${i}x`), tenOClock + i * 15 * minute);
    follow.read();
    follow.flush({ all: true, now: 0 });
    expect(stored(sqlite).map((version) => version.kind)).toEqual([
      "created",
      "auto",
      "auto",
      "auto",
      "auto",
    ]);
    const second = sqlite.prepare("select id from version where number = 2").pluck().get();
    const insert = `insert into version select 'restored-one', document_id, 99, seq, epoch, 'restored', name, note, snapshot,
      content_hash, canon_version, schema_number, words, authors, created_by, created_side, created_at, id, report from version where id = ?`;
    sqlite.prepare(insert).run(second);
    expect(follow.thin(tenOClock + 20 * 24 * 60 * minute)).toBe(0);
    expect(follow.thin(tenOClock + 40 * 24 * 60 * minute)).toBe(2);
    expect(stored(sqlite).map((version) => version.number)).toEqual([1, 2, 5, 99]);
  });

  it("cannot be changed or deleted behind their back", async () => {
    await world.document();
    const { follow, sqlite } = world.follow();
    follow.read();
    follow.flush({ all: true, now: 0 });
    expect(() => sqlite.exec("update version set name = 'x'")).toThrow(/cannot be changed/);
    expect(() => sqlite.exec("delete from version")).toThrow(/only automatic versions/);
  });
});
