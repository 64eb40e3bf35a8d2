/** A restore that ends at any of its steps, as a power cut ends it. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimDatabase } from "../claim-database.ts";
import { MaintainedPlan, now } from "../testing/maintained-plan.ts";
import { noAnchors } from "./anchors.ts";
import { backupDatabase } from "./backup-database.ts";
import { restoreDatabase } from "./restore-database.ts";
import { forgetUnfinishedRestore, replacedDatabases, swapDatabase } from "./swap-database.ts";
import { verifyDatabase } from "./verify-database.ts";

let kept: MaintainedPlan;
beforeEach(async () => {
  kept = await MaintainedPlan.open();
});
afterEach(() => kept.close());

const powerCut = new Error("the power is cut");

describe("a power cut", () => {
  it("[D5] at any step of a restore leaves the old or the new database whole, and the next restore works", async () => {
    const ofBackup = await kept.type([" for a school"]);
    const backup = join(kept.folder, "backup.db");
    expect(await backupDatabase(kept.place, backup, now)).toMatchObject({ ok: true });
    const ofNow = await kept.type([" and a bank"]);
    await kept.db.destroy();

    const seen: string[] = [];
    for (let at = 0; ; at++) {
      let steps = 0;
      const cutting = restoreDatabase(
        kept.place,
        backup,
        () => now() + at,
        (step) => {
          // No server could start meanwhile.
          expect(claimDatabase(kept.path), step).toBeNull();
          if (steps++ < at) return;
          seen.push(step);
          throw powerCut;
        },
      );
      const outcome = await cutting.catch((error: unknown) => error);
      if (outcome !== powerCut) {
        expect(outcome).toMatchObject({ ok: true });
        break;
      }
      const step = seen.at(-1);
      expect((await verifyDatabase(kept.path, noAnchors)).isWhole, step).toBe(true);
      const isNew = step === "sync the live name" || step === "write the anchor";
      expect(await kept.textOf(kept.path), step).toBe(isNew ? ofBackup : ofNow);
      // As a server that starts next does.
      forgetUnfinishedRestore(kept.path);
      expect(readdirSync(kept.folder), step).not.toContain("two-way.db.incoming");
      const { ino } = statSync(kept.path);
      for (const path of replacedDatabases(kept.path)) expect(statSync(path).ino, step).not.toBe(ino);
      if (isNew) {
        // What was there before is there still.
        const [before = ""] = replacedDatabases(kept.path);
        expect(await kept.textOf(before), step).toBe(ofNow);
      }
      expect(await restoreDatabase(kept.place, backup, () => now() + 60_000 + at)).toMatchObject({
        ok: true,
      });
      expect(await kept.textOf(kept.path), step).toBe(ofBackup);
      // The next round begins with the newer text again.
      kept.reopen();
      await kept.signInAgain();
      await kept.type([" and a bank"]);
      await kept.db.destroy();
    }
    expect(seen).toEqual([
      "bring the pictures in",
      "sync the incoming database",
      "give a second name to the old database",
      "sync the second names",
      "sync what was taken away",
      "bring the new database in",
      "sync the live name",
      "write the anchor",
    ]);
    kept.reopen();
  }, 60_000);

  it("[D5] never leaves the write-ahead log of a broken database beside the restored one", () => {
    const path = join(kept.folder, "broken.db");
    for (const cutAt of ["bring the new database in", "sync the live name", null]) {
      for (const [end, content] of [
        ["", "old"],
        ["-wal", "old log"],
        ["-shm", "old index"],
        [".incoming", "new"],
      ] as const)
        writeFileSync(`${path}${end}`, content);
      const keepAt = `${path}.before-restore-${cutAt}`;
      const swap = () =>
        swapDatabase(path, keepAt, (step) => {
          if (step === cutAt) throw powerCut;
        });
      if (cutAt === null) swap();
      else expect(swap).toThrow(powerCut);
      expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)], `${cutAt}`).toEqual([false, false]);
      expect(statSync(path).size, `${cutAt}`).toBe("old".length);
      expect(existsSync(`${keepAt}-wal`), `${cutAt}`).toBe(true);
      if (cutAt !== "bring the new database in") continue;
      // The old one is live still, and what belongs to it is not lost.
      forgetUnfinishedRestore(path);
      expect(readFileSync(`${path}-wal`, "utf8")).toBe("old log");
      expect(existsSync(keepAt)).toBe(false);
    }
  });
});
