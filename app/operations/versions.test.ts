import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHistories, type RunningHistories } from "../../collab-server/follow-log/histories.ts";
import {
  type FollowWorld,
  openFollowWorld,
  tenOClock,
  textOfBlock,
} from "../../collab-server/follow-log/testing/plan-world.ts";
import type { PlanDocument } from "../../db/testing/plan-fixture.ts";
import { formatDate } from "../domain/dates.ts";
import { versionNameMax } from "../domain/documents.ts";
import type { UserId } from "../domain/ids.ts";
import { exportVersion } from "./export-version.ts";
import { listVersions } from "./list-versions.ts";
import { nameVersion } from "./name-version.ts";
import { readVersion } from "./read-version.ts";
import { restoreVersion } from "./restore-version.ts";

let world: FollowWorld;
let histories: RunningHistories;
let document: PlanDocument;
const services = () => ({ db: world.database.db, histories });
const asker = () => ({ userId: world.world.employer.userId as UserId });

beforeEach(async () => {
  world = await openFollowWorld();
  histories = await openHistories({
    path: world.database.path,
    log: world.log,
    now: () => tenOClock,
    newId: () => crypto.randomUUID(),
    appendServerEdit: world.appendServerEdit(() => tenOClock),
  });
  document = await world.document();
});
afterEach(async () => {
  await histories.close();
  await world.close();
});

async function type(text: string): Promise<void> {
  const writer = await world.writer(document, "provider");
  textOfBlock(writer.doc, 1).insert(0, text);
  await writer.send(tenOClock);
}

async function asRole(role: string): Promise<void> {
  await world.database.db
    .updateTable("membership")
    .set({ role })
    .where("user_id", "=", asker().userId)
    .execute();
}

describe("versions of a document, as people use them", () => {
  it("one form sent twice, also at once, keeps one version; filled anew, another", async () => {
    const send = (once: string, name = "After exchange 3") =>
      nameVersion(services(), asker(), { documentId: document.id, name, once });
    const once = crypto.randomUUID();
    const sent = await Promise.all([send(once), send(once), send(once)]);
    const [first] = sent;
    expect(first).toMatchObject({ ok: true });
    expect([...sent, await send(once)]).toEqual(Array.from({ length: 4 }, () => first));
    await send(once, "Before exchange 4");
    await send(crypto.randomUUID());
    const listed = await listVersions(services(), asker(), { documentId: document.id });
    expect(listed.ok && listed.value.versions.map(({ name }) => name)).toEqual([
      ...["After exchange 3", "Before exchange 4", "After exchange 3", null],
    ]);
  });

  it("are named, listed with authors, read, and brought back", async () => {
    await type("By the college. ");
    const named = await nameVersion(services(), asker(), {
      documentId: document.id,
      name: "  After\nexchange 3 ",
      note: "Agreed in the room.",
    });
    if (!named.ok) throw new Error(named.refusal.code);
    await type("More. ");
    const restored = await restoreVersion(services(), asker(), {
      documentId: document.id,
      versionId: named.value.versionId,
    });
    expect(restored).toMatchObject({ ok: true, value: { restoredNumber: 2, keptApart: [] } });

    const listed = await listVersions(services(), asker(), { documentId: document.id });
    if (!listed.ok) throw new Error(listed.refusal.code);
    expect(listed.value).toMatchObject({ canName: true, canRestore: true, hasMore: false });
    expect(listed.value.versions.map(({ number, kind, name }) => ({ number, kind, name }))).toEqual([
      { number: 4, kind: "restored", name: null },
      { number: 3, kind: "before_restore", name: null },
      { number: 2, kind: "named", name: "After exchange 3" },
      { number: 1, kind: "created", name: null },
    ]);
    expect(listed.value.versions[0]?.restoredFrom).toEqual({
      id: named.value.versionId,
      number: 2,
      name: "After exchange 3",
    });
    expect(listed.value.versions[2]).toMatchObject({
      note: "Agreed in the room.",
      createdBy: { name: "Leader of the employer", side: "employer" },
      authors: [{ name: "Leader of the provider", side: "provider", added: 16, removed: 0 }],
    });

    const read = await readVersion(services(), asker(), {
      documentId: document.id,
      versionId: named.value.versionId,
    });
    expect(read.ok && read.value.html).toContain("By the college. What");
  });

  it("want a name that people can read in a list", async () => {
    for (const [name, code] of [
      [" \u200b\n", "version-name-missing"],
      ["x".repeat(versionNameMax + 1), "text-too-long"],
    ] as const)
      expect(await nameVersion(services(), asker(), { documentId: document.id, name })).toMatchObject({
        ok: false,
        refusal: { code, field: "name" },
      });
    expect(
      await world.database.db.selectFrom("version").select("id").where("kind", "=", "named").execute(),
    ).toEqual([]);
  });

  it("[S1] are refused to other people, other roles and under another document", async () => {
    const other = await world.document();
    const named = await nameVersion(services(), asker(), { documentId: document.id, name: "Ours" });
    if (!named.ok) throw new Error(named.refusal.code);
    const { versionId } = named.value;
    const here = { documentId: document.id, versionId };
    const there = { documentId: other.id, versionId };
    for (const operation of [readVersion, restoreVersion]) {
      expect(await operation(services(), asker(), there)).toMatchObject({
        refusal: { code: "version-elsewhere" },
      });
      expect(await operation(services(), asker(), { ...here, versionId: "' or 1=1" })).toMatchObject({
        refusal: { code: "version-elsewhere" },
      });
      const stranger = { userId: crypto.randomUUID() as UserId };
      expect(await operation(services(), stranger, here)).toMatchObject({ refusal: { code: "not-found" } });
    }
    await asRole("commenter");
    expect(await restoreVersion(services(), asker(), here)).toMatchObject({
      refusal: { code: "not-allowed" },
    });
    expect(await nameVersion(services(), asker(), { documentId: document.id, name: "Mine" })).toMatchObject({
      refusal: { code: "not-allowed" },
    });
    expect((await readVersion(services(), asker(), here)).ok).toBe(true);
    await asRole("observer");
    expect(await readVersion(services(), asker(), here)).toMatchObject({
      refusal: { code: "observer-waits" },
    });
    expect(await listVersions(services(), asker(), { documentId: document.id })).toMatchObject({
      refusal: { code: "observer-waits" },
    });
  });

  it("are not brought back in an archived document", async () => {
    await type("x");
    const named = await nameVersion(services(), asker(), { documentId: document.id, name: "Ours" });
    if (!named.ok) throw new Error(named.refusal.code);
    await world.database.db
      .updateTable("document")
      .set({ archived_at: tenOClock })
      .where("id", "=", document.id)
      .execute();
    expect(
      await restoreVersion(services(), asker(), {
        documentId: document.id,
        versionId: named.value.versionId,
      }),
    ).toMatchObject({ refusal: { code: "document-archived" } });
  });

  it("say that their text was erased, and when: listed, opened, but neither brought back nor taken away", async () => {
    await type("x");
    const named = await nameVersion(services(), asker(), { documentId: document.id, name: "Ours" });
    if (!named.ok) throw new Error(named.refusal.code);
    await type("y");
    const later = await nameVersion(services(), asker(), { documentId: document.id, name: "Later" });
    if (!later.ok) throw new Error(later.refusal.code);
    const { db } = world.database;
    const none = new Uint8Array(0);
    const { seq } = await db
      .selectFrom("version")
      .select("seq")
      .where("id", "=", named.value.versionId)
      .executeTakeFirstOrThrow();
    // The mark that a purge leaves on what it has taken.
    const erased = { key: null, bytes: null, commitments: none, purged_at: tenOClock };
    await db
      .insertInto("segment")
      .values({
        ...{ document: document.number, from_seq: 1, to_seq: seq, metadata: none, ...erased },
        ...{ first_hash: none, last_hash: none },
      })
      .execute();

    const version = { documentId: document.id, versionId: named.value.versionId };
    const listed = await listVersions(services(), asker(), { documentId: document.id });
    expect(listed.ok && listed.value.versions.map(({ name, erasedAt }) => [name, erasedAt])).toEqual([
      ["Later", null],
      ["Ours", tenOClock],
      [null, tenOClock],
    ]);
    expect(await readVersion(services(), asker(), version)).toMatchObject({
      ok: true,
      value: { html: null, version: { name: "Ours", erasedAt: tenOClock } },
    });
    const refused = {
      ok: false,
      refusal: { code: "version-erased", facts: { date: formatDate(tenOClock) } },
    };
    expect(await restoreVersion(services(), asker(), version)).toMatchObject(refused);
    const file = { ...version, format: "html" as const };
    const forFiles = { ...services(), now: () => tenOClock } as unknown as Parameters<
      typeof exportVersion
    >[0];
    expect(await exportVersion(forFiles, asker(), file)).toMatchObject(refused);
  });
});
