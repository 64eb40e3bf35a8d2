/**
 * Keys and clicks that come before and while a page wakes up: whatever they hit, the page
 * wakes, and what has a deed without a script does it.
 */
import type { Page } from "@playwright/test";
import { told, trials } from "../collab-server/testing/count.ts";
import { ownPartnership } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

/**
 * From now on every page of this tab presses Shift and clicks its own background in each
 * task of its loop, from the first element on, so that no moment of waking is left out.
 */
const inEveryTask = (page: Page) =>
  page.addInitScript(() => {
    const channel = new MessageChannel();
    let isOver = false;
    addEventListener("over", () => {
      isOver = true;
    });
    channel.port1.onmessage = () => {
      if (isOver) return;
      document.body?.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift", bubbles: true }));
      document.body?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      channel.port2.postMessage(null);
    };
    channel.port2.postMessage(null);
  });

/** Does the page answer to JavaScript? A menu that the page opened closes on Escape. */
async function wakes(page: Page): Promise<void> {
  const menu = page.locator("main details.menu").first();
  await expect
    .poll(async () => {
      await menu.evaluate((details) => details.setAttribute("open", ""));
      await page.keyboard.press("Escape");
      return menu.getAttribute("open");
    })
    .toBeNull();
}

test("a page wakes although keys and clicks come in every moment of its waking", async ({
  providerLeader: page,
}) => {
  const loads = trials(200, 10);
  test.setTimeout(30_000 + loads * 10_000);
  const shelf = `${await ownPartnership(page)}/plans`;
  await page.goto(shelf);
  const plan = (await page.locator('main a[href^="/documents/"]').first().getAttribute("href")) ?? "";
  await inEveryTask(page);
  for (let load = 0; load < loads; load++) {
    await page.goto(shelf);
    await wakes(page);
    await page.goto(plan);
    await expect(page.locator('.ProseMirror[contenteditable="true"]')).toBeVisible();
  }
  told("waking", 2 * loads, "every task", "all woke");
});

test("a page wakes while somebody hammers on its keyboard and clicks", async ({ providerLeader: page }) => {
  const loads = trials(500, 20);
  test.setTimeout(30_000 + loads * 10_000);
  const shelf = `${await ownPartnership(page)}/plans`;
  const input = await page.context().newCDPSession(page);
  const shift = { key: "Shift", code: "ShiftLeft", windowsVirtualKeyCode: 16 };
  const margin = { x: 4, y: 500, button: "left", clickCount: 1 } as const;
  let pressed = 0;
  for (let load = 0; load < loads; load++) {
    let isLoading = true;
    const loading = page.goto(shelf, { waitUntil: "load" }).finally(() => {
      isLoading = false;
    });
    while (isLoading) {
      pressed++;
      await input.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...shift });
      await input.send("Input.dispatchKeyEvent", { type: "keyUp", ...shift });
      await input.send("Input.dispatchMouseEvent", { type: "mousePressed", ...margin });
      await input.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...margin });
    }
    await loading;
    await wakes(page);
  }
  told("waking", loads, "real input", `all woke, ${pressed} keys and clicks on the way`);
});
