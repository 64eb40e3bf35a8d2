/**
 * Browsers killed while somebody types: real Chromium processes with profiles on disk.
 * What the page called saved is on the server, what it called kept comes back with the
 * same profile, and nobody else sees a ghost.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "@playwright/test";
import { seeded, seedOfRun, told, trials } from "../collab-server/testing/count.ts";
import { newDocument, openEditor, ownPartnership, textOf, waitForEditor, waiting } from "./document-page.ts";
import { expect, people, test } from "./fixtures.ts";

/**
 * Forty keys a second. Killed under hundreds a second, as a machine can press them, Chromium
 * finds its own store unreadable at the next start, though no byte of its log is wrong, and
 * throws it away.
 */
const betweenKeysMs = 25;

const words = (text: string): readonly string[] => text.match(/k\d+n\d+\./g) ?? [];

/** Running processes: who started which, and with what words. */
function processes(): readonly { pid: number; parent: number; command: readonly string[] }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        // After the name, which may hold anything in its brackets: state, then the parent.
        const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
        return [{ pid: Number(pid), parent: Number(parent), command }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** The browser process itself, of which all others are children, and these. */
function browserOn(profile: string): { browser: number; children: readonly number[] } {
  const all = processes();
  const isBrowser = (command: readonly string[]) =>
    command.includes(`--user-data-dir=${profile}`) && !command.some((word) => word.startsWith("--type="));
  const browser = all.find(({ command }) => isBrowser(command))?.pid;
  if (browser === undefined) throw new Error(`No browser runs on ${profile}`);
  const family = new Set([browser]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  family.delete(browser);
  return { browser, children: [...family] };
}

/** Everything the page claims about saving, at the moment it claims it. */
async function listen(page: Page): Promise<{ saved: Set<string>; kept: Set<string> }> {
  const heard = { saved: new Set<string>(), kept: new Set<string>() };
  await page.exposeFunction("claims", (line: string, text: string) => {
    const list = line.startsWith("Saved")
      ? heard.saved
      : / kept on this device/.test(line)
        ? heard.kept
        : null;
    for (const word of words(text)) list?.add(word);
  });
  await page.evaluate(() => {
    const save = document.querySelector("[data-save]") as HTMLElement;
    const editor = document.querySelector(".ProseMirror") as HTMLElement;
    const claims = (window as unknown as { claims: (line: string, text: string) => void }).claims;
    new MutationObserver(() => claims(save.textContent ?? "", editor.textContent ?? "")).observe(save, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  return heard;
}

/** What no server had heard of when the page said that it was kept. */
const onlyKept = ({ saved, kept }: { saved: ReadonlySet<string>; kept: ReadonlySet<string> }) =>
  [...kept].filter((word) => !saved.has(word));

test("[D24][D10] browsers killed while typing: what was called saved or kept is there, once, and no ghost stays", async ({
  app,
  employerLeader: witness,
}, info) => {
  const count = trials(100, 3);
  test.setTimeout(60_000 + count * 60_000);
  const seed = seedOfRun();
  const random = seeded(seed);
  const { launchOptions } = info.project.use;
  const profile = mkdtempSync(join(tmpdir(), "two-way-profile-"));
  const open = (): Promise<BrowserContext> =>
    chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: app.url, locale: "en-GB" });
  /** Chromium writes cookies down only now and then, so a killed one may have to sign in again. */
  const enter = async (page: Page, address: string) => {
    await page.goto(address);
    if (new URL(page.url()).pathname !== "/sign-in") return;
    await page.getByRole("button", { name: people.providerLeader }).first().click();
    await page.waitForURL((url) => url.pathname === address);
  };

  const address = await newDocument(witness, `${await ownPartnership(witness)}/pages`, "Under the axe");
  const theirs = await openEditor(witness, address);
  const faces = witness.locator(".docbar-faces [role=img]");
  const everSaved = new Set<string>();
  const everKept = new Set<string>();
  let typed = 0;
  let context = await open();
  try {
    for (let trial = 0; trial < count; trial++) {
      const page = context.pages()[0] ?? (await context.newPage());
      await enter(page, address);
      const editor = await waitForEditor(page);
      await expect(faces).toHaveCount(2);
      const heard = await listen(page);
      const { browser, children } = browserOn(profile);
      await editor.locator("> p").last().click();
      await page.keyboard.press("Control+End");
      // Every other browser dies without a network, with words that only it holds.
      const isOffline = trial % 2 === 1;
      const enough = 3 + Math.floor(random() * 12);
      let isDead = false;
      const dying = new Promise<void>((resolve) => context.once("close", () => resolve()));
      for (let word = 0; !isDead; word++) {
        if (isOffline && word === 3) await context.setOffline(true);
        typed++;
        // The browser may be gone in the middle of a word; then the word was not finished.
        const typing = page.keyboard
          .type(`k${trial}n${word}. `, { delay: betweenKeysMs })
          .catch(() => undefined);
        const claimed = isOffline ? onlyKept(heard) : [...heard.saved];
        if (claimed.length >= enough) {
          isDead = true;
          process.kill(browser, "SIGKILL");
        }
        await typing;
      }
      await dying;
      // Its children hold the profile's databases until they have gone, too.
      await expect.poll(() => processes().filter(({ pid }) => children.includes(pid))).toEqual([]);
      for (const word of heard.saved) everSaved.add(word);
      for (const word of onlyKept(heard)) everKept.add(word);

      // The line of the dead browser is gone, and what it was told is on the server.
      await expect(faces).toHaveCount(1, { timeout: 35_000 });
      await expect(witness.locator(".caret-provider")).toHaveCount(0);
      const onServer = words(await textOf(theirs));
      for (const word of everSaved) expect(onServer.filter((each) => each === word)).toEqual([word]);

      context = await open();
      const again = context.pages()[0] ?? (await context.newPage());
      await enter(again, address);
      const mine = await waitForEditor(again);
      await expect.poll(() => waiting(again)).toBe(0);
      const here = words(await textOf(mine));
      for (const word of [...everSaved, ...everKept])
        expect(here.filter((each) => each === word)).toEqual([word]);
      await expect.poll(async () => words(await textOf(theirs))).toEqual(here);
      await again.reload();
      await waitForEditor(again);
      await expect(faces).toHaveCount(2);
    }
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
  told(
    "D24",
    count,
    seed,
    `Chromium processes killed, as many reloads: ${typed} words begun, ${everSaved.size} called saved, ${everKept.size} called kept on the device alone, 0 lost, 0 doubled, 0 ghosts`,
  );
  expect(everSaved.size).toBeGreaterThanOrEqual(count);
  expect(everKept.size).toBeGreaterThanOrEqual(3 * Math.floor(count / 2));
});
