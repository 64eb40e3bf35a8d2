/**
 * Leaving a document inside the product while words are only on the page: on a shared
 * computer nothing else holds them, so nobody goes without having been asked.
 */
import type { Page } from "@playwright/test";
import { startDocument } from "./document-page.ts";
import { expect, people, test } from "./fixtures.ts";
import { noNetwork } from "./watch.ts";

const shelf = "/partnerships/wendlemoor-brindlewick/pages";
const text = (page: Page) => page.getByRole("textbox", { name: /^Text of the document/ });
const question = (page: Page) =>
  page.getByRole("dialog", { name: "Leave without the words that are not saved?" });

/** A new document in a browser that keeps nothing, with words in it that were stored. */
async function writeWithoutCopy(page: Page, title: string): Promise<string> {
  await page.addInitScript(() => Object.defineProperty(window, "indexedDB", { value: undefined }));
  await page.goto(`${shelf}?new`);
  await page.getByLabel("Title").first().fill(title);
  await page
    .getByRole("button", { name: /^(New|Create|Start)/ })
    .first()
    .click();
  await page.waitForURL(/\/documents\/[0-9a-f-]{36}$/);
  await text(page).locator("> p").last().click();
  await page.keyboard.type("Stored. ");
  await expect(page.locator("[data-save]")).toHaveText(/^Saved \d\d:\d\d$/, { timeout: 30_000 });
  return new URL(page.url()).pathname;
}

/** From here on no live line comes about, while everything else of the network works. */
async function cutLive(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event("cut-live")));
}

/** Makes the lines of the pages to come ones that `cutLive` can cut. */
async function makeCuttable(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let isCut = false;
    window.addEventListener("mend-live", () => {
      isCut = false;
    });
    window.WebSocket = class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(isCut ? String(address).replace("/collab/", "/nowhere/") : address, protocols);
        window.addEventListener("cut-live", () => {
          isCut = true;
          this.close();
        });
      }
    };
  });
}

/** Puts the cursor back where one writes, and writes. */
async function write(page: Page, words: string): Promise<void> {
  await text(page).locator("> p").last().click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(words);
}

test("[W12] no link, Back or form takes unsent words away without a question, and Escape stays", async ({
  providerLeader: page,
  expected,
}) => {
  expected.push(/WebSocket/);
  await makeCuttable(page);
  const path = await writeWithoutCopy(page, "Asked before leaving");
  await cutLive(page);
  await write(page, "Never sent.");
  const ways: readonly [string, () => Promise<unknown>][] = [
    ["breadcrumb", () => page.locator(".crumbs").getByRole("link", { name: "Pages" }).click()],
    ["Versions", () => page.locator(".docbar").getByRole("link", { name: "Versions" }).click()],
    ["name a version", () => page.getByRole("link", { name: "Name this version" }).click()],
    ["Back", () => page.evaluate(() => history.back())],
    [
      "a form",
      async () => {
        await page.locator(".rename > summary").click();
        await page.getByRole("button", { name: "Rename", exact: true }).click();
      },
    ],
  ];
  let asked = 0;
  for (const [way, go] of ways) {
    await go();
    await expect(question(page), way).toBeVisible();
    await expect(question(page).getByRole("button", { name: "Stay on this page" })).toBeFocused();
    // Round once by Tab: the page behind is never reached.
    for (let press = 0; press < 6; press++) {
      await page.keyboard.press("Tab");
      expect(
        await page.evaluate(
          () => document.activeElement === document.body || !!document.activeElement?.closest("dialog"),
        ),
        `${way}, Tab ${press + 1}`,
      ).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect(question(page), way).toBeHidden();
    await expect(text(page), way).toContainText("Never sent.");
    expect(new URL(page.url()).pathname, way).toBe(path);
    asked += 1;
  }
  expect(asked).toBe(5);
  console.log(`[W12] ${asked} ways out, ${asked} questions, 0 words lost`);
  // Who means it, goes.
  await page.locator(".docbar").getByRole("link", { name: "Versions" }).click();
  await question(page).getByRole("button", { name: "Leave without them" }).click();
  await page.waitForURL(/\/versions$/);
});

test("[W12] words that are only on their way are waited for, and the page is left without a question", async ({
  providerLeader: page,
  expected,
}) => {
  expected.push(noNetwork);
  const path = await writeWithoutCopy(page, "Waited for");
  await page.context().setOffline(true);
  await write(page, "Sent late.");
  await page.locator(".docbar").getByRole("link", { name: "Versions" }).click();
  await expect(question(page)).toBeVisible();
  // The line is back: what was asked for happens, and nothing is lost by it.
  await page.context().setOffline(false);
  await page.waitForURL(/\/versions$/);
  await page.goto(path);
  await expect(text(page)).toContainText("Stored. Sent late.");
});

test("[S11] after being signed out with unsent words, leaving asks first", async ({ signedIn, expected }) => {
  expected.push(noNetwork, /WebSocket|status of 401/);
  const here = await signedIn("employerLeader");
  const there = await signedIn("employerLeader");
  const path = await writeWithoutCopy(here, "Signed out with words");
  await here.context().setOffline(true);
  await write(here, "Only here.");
  await there.goto("/account");
  const over = there.waitForResponse((response) => response.request().method() === "POST");
  await there.getByRole("button", { name: "Sign out everywhere else" }).click();
  await over;
  await here.context().setOffline(false);
  await expect(here.getByText("Some of what you wrote here has not been stored.")).toBeVisible();
  await here.locator(".docbar").getByRole("link", { name: "Versions" }).click();
  await expect(question(here)).toBeVisible();
  await here.keyboard.press("Escape");
  await expect(text(here)).toContainText("Only here.");
  expect(new URL(here.url()).pathname).toBe(path);
});

test("[S11] signed out with unsent words: after signing in in another tab one goes on, and they are stored", async ({
  signedIn,
  expected,
}) => {
  expected.push(/WebSocket|status of 401/);
  const here = await signedIn("employerLeader");
  await makeCuttable(here);
  const path = await writeWithoutCopy(here, "Signed in again");
  const cookies = await here.context().cookies();
  await cutLive(here);
  await write(here, "Sent after all.");
  await here.context().clearCookies();
  await expect(here.getByText("Please sign in first.")).toBeVisible();
  // Not yet signed in: it stops again, and the words stay.
  await here.evaluate(() => window.dispatchEvent(new Event("mend-live")));
  await here.getByRole("button", { name: "Go on" }).click();
  await expect(here.getByText("Please sign in first.")).toBeVisible();
  await expect(here.getByRole("link", { name: "Sign in in another tab" })).toHaveAttribute(
    "target",
    "_blank",
  );
  await here.context().addCookies(cookies);
  await here.getByRole("button", { name: "Go on" }).click();
  await expect(here.locator("[data-save]")).toHaveText(/^Saved \d\d:\d\d$/);
  await expect(text(here)).toHaveAttribute("contenteditable", "true");
  await here.goto(path);
  await expect(text(here)).toContainText("Stored. Sent after all.");
});

test("[S11] signed out with everything saved: signing in in another tab takes the copy away, and what is written then is stored", async ({
  signedIn,
  expected,
}) => {
  expected.push(/WebSocket|status of 401/);
  const here = await signedIn("employerLeader");
  const there = await signedIn("employerLeader");
  const path = await startDocument(here, "Signed in beside it");
  await write(here, "Saved before. ");
  await expect(here.locator("[data-save]")).toHaveText(/^Saved \d\d:\d\d$/);
  await there.goto("/account");
  const over = there.waitForResponse((response) => response.request().method() === "POST");
  await there.getByRole("button", { name: "Sign out everywhere else" }).click();
  await over;
  await expect(here.getByText("Please sign in first.")).toBeVisible();
  const opening = here.context().waitForEvent("page");
  await here.getByRole("link", { name: "Sign in in another tab" }).click();
  const beside = await opening;
  await beside.getByRole("button", { name: people.employerLeader }).first().click();
  await beside.waitForURL(({ pathname }) => pathname !== "/sign-in" && pathname !== "/look-around");
  await here.bringToFront();
  await here.getByRole("button", { name: "Go on" }).click();
  await expect(text(here)).toHaveAttribute("contenteditable", "true");
  await write(here, "Written after.");
  await expect(here.locator("[data-save]")).toHaveText(/^Saved \d\d:\d\d$/);
  await there.goto(path);
  await expect(text(there)).toContainText("Saved before. Written after.");
});
