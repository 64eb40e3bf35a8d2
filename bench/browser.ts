/**
 * What people feel, in a real Chromium on the built server: how soon a keystroke stands
 * on the other person's screen, what a key costs in a 20,000-word plan, how soon a
 * document page takes text, and the JavaScript before the editor is wanted.
 * `node bench/browser.ts`; `CHROMIUM` names another browser than Playwright's own.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type BrowserContext, chromium, type Page } from "@playwright/test";
import { end, furnish, run } from "./servers.ts";

const textbox = '[role="textbox"][contenteditable="true"]';
const keys = 200;
/** Between two keys, ms: about 8 characters a second. */
const keyPauseMs = 120;

const folder = mkdtempSync(join(tmpdir(), "two-way-bench-browser-"));
const short = furnish(join(folder), 1, 30, 160);
const longFolder = mkdtempSync(join(tmpdir(), "two-way-bench-browser-"));
const long = furnish(longFolder, 1, 30, 20_000);
const browser = await chromium.launch({
  ...(process.env["CHROMIUM"] ? { executablePath: process.env["CHROMIUM"] } : {}),
  args: ["--no-sandbox", "--disable-gpu"],
});
const running = await run("ours", folder);
const runningLong = await run("ours", longFolder);
try {
  console.log(`Load ${loadavg()[0]?.toFixed(1)}; figures in ms unless said otherwise`);
  await otherScreen();
  await longPlan();
  await usable();
  scripts();
} finally {
  await browser.close();
  await end(running.child, "SIGTERM");
  await end(runningLong.child, "SIGTERM");
  for (const made of [folder, longFolder]) rmSync(made, { recursive: true, force: true });
}

function told(
  what: string,
  values: readonly number[],
  goals: readonly [share: number, atMost: number][],
): void {
  const sorted = values.toSorted((one, other) => one - other);
  for (const [share, atMost] of goals) {
    const found = sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    const verdict = found <= atMost ? "met" : "NOT met";
    console.log(
      `${what}, p${share * 100}: ${found.toFixed(1)} (goal ≤ ${atMost}) ${verdict}, n ${values.length}`,
    );
  }
}

async function openAs(port: number, cookie: string, documentId: string): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext({ locale: "en-GB" });
  const [name = "", value = ""] = cookie.split("=");
  await context.addCookies([{ name, value, url: `https://localhost:${port}`, secure: true, httpOnly: true }]);
  const page = await context.newPage();
  await page.goto(`http://localhost:${port}/documents/${documentId}`);
  await page.locator(textbox).waitFor();
  return [context, page];
}

async function toTheEnd(page: Page): Promise<void> {
  await page.locator(`${textbox} > p`).last().click();
  await page.keyboard.press("Control+End");
}

/** From the key's event here to the frame that shows it there; one clock, the machine's. */
async function otherScreen(): Promise<void> {
  const [plan] = short.documents;
  const [here, there] = await Promise.all(
    short.cookies.slice(0, 2).map((cookie) => openAs(running.port, cookie, plan?.id ?? "")),
  );
  if (!here || !there) throw new Error("Two people are needed");
  await toTheEnd(here[1]);
  await here[1].evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    addEventListener("keydown", () => times.push(performance.timeOrigin + performance.now()), true);
  });
  await there[1].evaluate((selector) => {
    const element = document.querySelector(selector)?.querySelector(":scope > p:last-of-type");
    if (!element) throw new Error("No text");
    const marks = () => (element.textContent?.match(/~/g) ?? []).length;
    const times: number[] = [];
    Object.assign(window, { times });
    new MutationObserver(() => {
      const count = marks();
      requestAnimationFrame(() => {
        while (times.length < count) times.push(performance.timeOrigin + performance.now());
      });
    }).observe(element, { subtree: true, childList: true, characterData: true });
  }, textbox);
  for (let i = 0; i < keys; i += 1) await here[1].keyboard.press("~", { delay: 5 }).then(() => rest(here[1]));
  await there[1].waitForFunction(
    (count) => (window as never as { times: number[] }).times.length >= count,
    keys,
  );
  const read = (page: Page) => page.evaluate(() => (window as never as { times: number[] }).times);
  const [typed, shown] = await Promise.all([read(here[1]), read(there[1])]);
  const waits = typed.slice(0, keys).map((at, index) => (shown[index] ?? Number.NaN) - at);
  told("a keystroke until the other person's screen shows it", waits, [
    [0.5, 25],
    [0.95, 60],
  ]);
  for (const [context] of [here, there]) await context.close();
}

function rest(page: Page): Promise<void> {
  return page.waitForTimeout(keyPauseMs);
}

/** What the page's main thread is busy with for one key, everything counted. */
async function longPlan(): Promise<void> {
  const [plan] = long.documents;
  const [context, page] = await openAs(runningLong.port, long.cookies[0] ?? "", plan?.id ?? "");
  await toTheEnd(page);
  await page.keyboard.type("warm up ", { delay: 50 });
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    const channel = new MessageChannel();
    let from = 0;
    // A message posted with the key is handled behind it: behind everything the key set off at once.
    channel.port1.onmessage = () => times.push(performance.now() - from);
    addEventListener(
      "keydown",
      () => {
        from = performance.now();
        channel.port2.postMessage(null);
      },
      true,
    );
  });
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
  };
  const costs: number[] = [];
  for (let i = 0; i < keys; i += 1) {
    const before = await busy();
    await page.keyboard.press("m");
    await rest(page);
    costs.push((await busy()) - before);
  }
  const times = await page.evaluate(() => (window as never as { times: number[] }).times);
  told("a key in 20,000 words, until its handlers are done", times, [[0.95, 16]]);
  told("a key in 20,000 words, all main-thread work until the next", costs, [[0.95, 16]]);
  await context.close();
}

/** From the start of a navigation until the text can be typed into. */
async function usable(): Promise<void> {
  const [plan] = short.documents;
  const [context, page] = await openAs(running.port, short.cookies[0] ?? "", plan?.id ?? "");
  const times: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    await page.goto(`http://localhost:${running.port}/documents/${plan?.id}`, { waitUntil: "commit" });
    const handle = await page.waitForFunction(
      (selector) => document.querySelector(selector) !== null && performance.now(),
      textbox,
    );
    times.push(Number(await handle.jsonValue()));
  }
  told("a document page until it takes text", times, [[0.95, 1_000]]);
  await context.close();
}

type Chunk = { readonly file: string; readonly imports?: readonly string[] };

/** Entry, root and the document's route with all they import at once. */
function scripts(): void {
  const build = join(import.meta.dirname, "..", "build");
  const manifest: Record<string, Chunk> = JSON.parse(
    readFileSync(join(build, ".vite", "client-manifest.json"), "utf8"),
  );
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk || files.has(chunk.file)) return;
    if (chunk.file.endsWith(".js")) files.add(chunk.file);
    chunk.imports?.forEach(visit);
  };
  const first = /entry\.client|app\/root\.tsx|routes\/document\.tsx/;
  for (const name of Object.keys(manifest)) if (first.test(name)) visit(name);
  const bytes = [...files].reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(build, "client", file))).length,
    0,
  );
  told("JavaScript of the document page before the editor, kB gzip", [bytes / 1000], [[0.5, 120]]);
}
