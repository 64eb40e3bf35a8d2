import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { applyRow } from "./apply-row.ts";
import { PlainRun } from "./apply-run.ts";
import { historyDocument } from "./yjs-history.ts";

const scale = Number(process.env["SCALE"] ?? 1);

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows of three people who type, delete, format, split and set attributes, in an order they could arrive in. */
function history(random: () => number, count: number): Uint8Array[] {
  const rows: Uint8Array[] = [];
  const people = Array.from({ length: 3 }, (_, index) => {
    const doc = new Y.Doc();
    doc.clientID = 1_000 + index;
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "others") rows.push(update);
    });
    return { doc, seen: 0 };
  });
  const [first] = people;
  if (!first) throw new Error("nobody");
  const paragraph = (text: string) => {
    const node = new Y.XmlElement("paragraph");
    node.insert(0, [new Y.XmlText(text)]);
    return node;
  };
  first.doc.getXmlFragment("default").insert(0, [paragraph("One."), paragraph("Two.")]);
  for (let i = 0; i < count; i++) {
    const one = people[Math.floor(random() * people.length)];
    if (!one) continue;
    // Sometimes somebody is behind: their rows meet text and deletions they have not seen.
    if (one.seen === 0 || random() < 0.7) {
      for (const row of rows.slice(one.seen)) Y.applyUpdate(one.doc, row, "others");
      one.seen = rows.length;
    }
    const fragment = one.doc.getXmlFragment("default");
    const node = fragment.get(Math.floor(random() * fragment.length)) as Y.XmlElement | undefined;
    const text = node?.get(0) as Y.XmlText | undefined;
    const what = random();
    if (!node || !text || what < 0.03) fragment.insert(fragment.length, [paragraph(`New ${i}.`)]);
    else if (what < 0.6)
      text.insert(Math.floor(random() * (text.length + 1)), random() < 0.1 ? "🙂" : ("abc"[i % 3] ?? ""));
    else if (what < 0.85 && text.length > 1) text.delete(Math.floor(random() * (text.length - 1)), 1);
    else if (what < 0.9 && text.length > 2) text.format(0, 2, { bold: random() < 0.5 ? true : null });
    else if (what < 0.95) node.setAttribute("align", String(i));
    else if (fragment.length > 1) fragment.delete(Math.floor(random() * fragment.length), 1);
  }
  return rows;
}

describe("A run of plain rows", () => {
  it("[W10] says of every row the same as applying it alone, whatever people do", () => {
    const histories = Math.max(20, Math.round(200 * scale));
    let inRuns = 0;
    let rowsInAll = 0;
    for (let seed = 1; seed <= histories; seed++) {
      const rows = history(seeded(seed), 120);
      const alone = historyDocument();
      const expected = rows.map((bytes) => applyRow(alone, bytes));

      const together = historyDocument();
      const found: ReturnType<typeof applyRow>[] = [];
      while (found.length < rows.length) {
        const run = new PlainRun(together);
        while (
          found.length + run.length < rows.length &&
          run.take(rows[found.length + run.length] as Uint8Array)
        );
        const facts = run.length === 0 ? null : run.apply();
        if (run.length > 0) expect(facts).not.toBeNull();
        inRuns += facts?.length ?? 0;
        found.push(...(facts ?? [applyRow(together, rows[found.length] as Uint8Array)]));
      }
      rowsInAll += rows.length;
      for (const [index, facts] of found.entries()) {
        const plain = (one: typeof facts) => ({
          added: one.charactersAdded,
          removed: one.charactersRemoved,
          deleted: [...one.deleted].sort((a, b) => a.client - b.client || a.clock - b.clock),
        });
        const wanted = expected[index] as typeof facts;
        expect(plain(facts), `seed ${seed}, row ${index}`).toEqual(plain(wanted));
      }
      expect(Y.equalSnapshots(Y.snapshot(together), Y.snapshot(alone))).toBe(true);
      expect(together.getXmlFragment("default").toJSON()).toBe(alone.getXmlFragment("default").toJSON());
    }
    console.log(`${histories} histories, ${rowsInAll} rows, ${inRuns} of them in runs, 0 differences`);
    expect(inRuns).toBeGreaterThan(rowsInAll / 3);
  });

  it("takes nothing that is broken, waits for others, or is no text", () => {
    const doc = historyDocument();
    const writer = new Y.Doc();
    const updates: Uint8Array[] = [];
    writer.on("update", (update: Uint8Array) => updates.push(update));
    writer.getText("default").insert(0, "a");
    writer.getText("default").insert(1, "b");
    writer.getMap("settings").set("wide", true);
    const [a, b, map] = updates as [Uint8Array, Uint8Array, Uint8Array];
    expect(new PlainRun(doc).take(Uint8Array.of(1, 2, 3))).toBe(false);
    expect(new PlainRun(doc).take(b)).toBe(false);
    const run = new PlainRun(doc);
    expect(run.take(a)).toBe(true);
    expect(run.take(a)).toBe(false);
    expect(run.take(b)).toBe(true);
    expect(run.take(map)).toBe(false);
    expect(run.apply()?.map(({ charactersAdded }) => charactersAdded)).toEqual([1, 1]);
    Y.applyUpdate(doc, updatesAfter(writer));
    expect(doc.store.pendingStructs).not.toBeNull();
    expect(new PlainRun(doc).take(a)).toBe(false);
  });
});

/** A row whose row before never arrived. */
function updatesAfter(writer: Y.Doc): Uint8Array {
  const later: Uint8Array[] = [];
  writer.on("update", (update: Uint8Array) => later.push(update));
  writer.getText("default").insert(2, "c");
  writer.getText("default").insert(3, "d");
  return later[1] as Uint8Array;
}
