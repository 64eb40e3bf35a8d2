/**
 * What design §3 and §6 ask of every page beyond axe: targets for fingers, a focus that
 * is seen and not covered, and no motion for those who want none.
 */
import type { Page } from "@playwright/test";
import { ownPartnership, waitForEditor } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

const finger = 44;

/** Pages a leader uses, as addresses. */
async function pagesOf(page: Page): Promise<readonly string[]> {
  const partnership = await ownPartnership(page);
  await page.goto(`${partnership}/plans`);
  const plan = await page.locator('main a[href^="/documents/"]').first().getAttribute("href");
  await page.goto(`${plan}/versions`);
  const version = await page.locator(".version-line a").first().getAttribute("href");
  await page.goto(`${partnership}/people`);
  const removal = await page.locator('a[href*="?remove="]').first().getAttribute("href");
  return [
    "/",
    "/programmes",
    partnership,
    `${partnership}/plans?new`,
    `${partnership}/exchanges`,
    `${partnership}/people`,
    `${removal}`,
    `${partnership}/profile`,
    `${plan}`,
    `${plan}/organise`,
    `${plan}/versions?name`,
    `${version}`,
    "/search?q=learners",
    "/account",
    "/help",
  ];
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  if (/\/documents\/[^/]+$/.test(address)) await waitForEditor(page);
}

/**
 * What is pressed and smaller than a finger. A link within a sentence is as tall as its
 * line (WCAG 2.5.8 exempts it); a box to tick is pressed by its label; the flags of the
 * lying street stand where their dates are, and the list below has the same links.
 */
function smallTargets(page: Page, least: number): Promise<readonly string[]> {
  return page.evaluate((least) => {
    const pressed = 'a[href], button, summary, select, textarea, input:not([type="hidden"]):not([hidden])';
    const isInSentence = (element: Element) =>
      element.tagName === "A" &&
      getComputedStyle(element).display === "inline" &&
      [...(element.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && /\w/.test(node.textContent ?? ""),
      );
    return [...document.querySelectorAll<HTMLElement>(pressed)]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => !element.matches(".skip, .street-wide a") && !isInSentence(element))
      .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && (box.width < least || box.height < least))
      .map(
        ({ element, box }) =>
          `${element.tagName.toLowerCase()}.${element.getAttribute("class")} “${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}” ${Math.round(box.width)} × ${Math.round(box.height)}`,
      );
  }, least);
}

test("[Eyes] on touch, everything that is pressed is 44 px or more", async ({ signedIn, browser, app }) => {
  const leader = await signedIn("providerLeader");
  const addresses = await pagesOf(leader);
  const phone = await browser.newContext({
    baseURL: app.url,
    storageState: await leader.context().storageState(),
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await phone.newPage();
  let small = 0;
  // A tablet is wider than a phone, and pressed with the same fingers.
  for (const [device, width] of [
    ["phone", 390],
    ["tablet", 1024],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    for (const address of addresses) {
      await open(page, address);
      const found = await smallTargets(page, finger);
      small += found.length;
      expect.soft(found, `${address} on a ${device}`).toEqual([]);
    }
  }
  console.log(`${addresses.length} pages on a phone and a tablet: ${small} targets below ${finger} px`);
  await phone.close();
});

/** What is wrong with how the focused element shows its focus; null where nothing is. */
const focusFault = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement || element instanceof SVGElement)) return "nothing is focused";
    if (element === document.body) return null;
    const name = `${element.tagName.toLowerCase()}.${element.getAttribute("class")} “${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}”`;
    const style = getComputedStyle(element);
    const isCaret = element instanceof HTMLElement && element.isContentEditable;
    if (!isCaret && (style.outlineStyle === "none" || Number.parseFloat(style.outlineWidth) === 0)) {
      return `${name} shows no focus`;
    }
    const box = element.getBoundingClientRect();
    const points = [0.5, 0.1, 0.9].flatMap((x) =>
      [0.5, 0.1, 0.9].map((y) => [box.left + x * box.width, box.top + y * box.height] as const),
    );
    const isSeen = points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top !== null && (element.contains(top) || top.contains(element));
    });
    return isSeen ? null : `${name} is covered`;
  });

test("[Eyes] Tab from end to end: the focus is seen at every stop, and nothing covers it", async ({
  providerLeader: page,
}) => {
  test.setTimeout(180_000);
  let stops = 0;
  let unseen = 0;
  for (const address of await pagesOf(page)) {
    await open(page, address);
    await page.evaluate(
      () => new Promise<void>((resolve) => requestIdleCallback(() => resolve(), { timeout: 2_000 })),
    );
    const faults = new Set<string>();
    for (let stop = 0; stop < 90; stop++) {
      await page.keyboard.press("Tab");
      // The editor takes Tab for itself: its text is the last stop there.
      if (await page.evaluate(() => document.activeElement?.matches(".ProseMirror") === true)) break;
      if (await page.evaluate(() => document.activeElement === document.body)) break;
      const fault = await focusFault(page);
      if (fault) faults.add(fault);
      stops += 1;
    }
    unseen += faults.size;
    expect.soft([...faults], address).toEqual([]);
  }
  expect(stops).toBeGreaterThan(200);
  console.log(`${stops} stops of the Tab key, ${unseen} not seen`);
});

/** Motions of a page longer than `mostMs`, by the class they are on. */
function motions(page: Page, mostMs: number): Promise<readonly string[]> {
  return page.evaluate((mostMs) => {
    const ms = (times: string) =>
      Math.max(
        0,
        ...times.split(",").map((time) => Number.parseFloat(time) * (time.trim().endsWith("ms") ? 1 : 1_000)),
      );
    const found = [...document.querySelectorAll("*")]
      .filter((element) => {
        const style = getComputedStyle(element);
        const moves = style.animationName === "none" ? 0 : ms(style.animationDuration);
        return Math.max(ms(style.transitionDuration), moves) > mostMs;
      })
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class")}`);
    return [...new Set(found)];
  }, mostMs);
}

test("[Eyes] motion is 150 ms at most, and none for those who ask for none", async ({
  providerLeader: page,
}) => {
  test.setTimeout(180_000);
  let moving = 0;
  for (const address of await pagesOf(page)) {
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await open(page, address);
    expect.soft(await motions(page, 150), address).toEqual([]);
    moving += (await motions(page, 0)).length;
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect.soft(await motions(page, 0), `${address}, reduced`).toEqual([]);
  }
  expect(moving, "something moves at all, or this test sees nothing").toBeGreaterThan(0);
  console.log(`${moving} kinds of things move, none for longer than 150 ms`);
});
