/** People as they meet the product: invited, joining, choosing a password, leaving a computer. */
import type { Page } from "@playwright/test";
import { ownPartnership } from "./document-page.ts";
import { expect, people, test } from "./fixtures.ts";

test("[S10] a leader invites somebody, who joins with a link that is then worth nothing", async ({
  providerLeader,
  browser,
  app,
}) => {
  await providerLeader.goto("/");
  await providerLeader.locator("a.name").first().click();
  await providerLeader
    .getByRole("navigation", { name: "Partnership", exact: true })
    .getByRole("link", { name: /People/ })
    .click();
  await providerLeader.getByLabel("E-mail address").fill("new.person@college.example");
  await providerLeader.getByRole("button", { name: "Send the invitation" }).click();
  // The answer stands above a long page, and is brought into view.
  await expect(providerLeader.locator(".people-note")).toBeFocused();
  await expect(providerLeader.getByText("on its way to new.person@college.example")).toBeVisible();
  await expect(providerLeader.getByRole("table", { name: "Open invitations" })).toContainText(
    "new.person@college.example",
  );

  await providerLeader.goto("/outbox");
  const link = await providerLeader.getByRole("article").first().getByRole("link").getAttribute("href");
  const context = await browser.newContext({ baseURL: app.url });
  const guest = await context.newPage();
  await guest.goto(link ?? "");
  await expect(guest.getByText("invites you to")).toBeVisible();
  // The token leaves the address bar, and with it the history.
  expect(new URL(guest.url()).hash).toBe("");
  await guest.getByLabel("Your name").fill("New Person");
  await guest.getByLabel("Choose a password").fill("password");
  await guest.getByRole("button", { name: "Join the partnership" }).click();
  await expect(guest.getByText("Use at least 12 characters")).toBeVisible();
  // What was typed stays.
  await expect(guest.getByLabel("Your name")).toHaveValue("New Person");
  await guest.getByLabel("Choose a password").fill("rivers under bridges");
  await guest.getByRole("button", { name: "Join the partnership" }).click();
  await guest.waitForURL(/\/partnerships\//);
  await expect(guest.getByText("New Person").first()).toBeVisible();

  const second = await context.newPage();
  await context.clearCookies();
  await second.goto(link ?? "");
  await expect(second.getByText("used or has expired")).toBeVisible();
  await context.close();
});

test("[S12] a wrong password gets a sentence, keeps the address, and says nothing about accounts", async ({
  visitor,
  expected,
}) => {
  expected.push(/422/);
  await visitor.goto("/sign-in");
  await visitor.getByLabel("E-mail address").fill("nobody@college.example");
  await visitor.getByLabel("Password").fill("some wrong words");
  await visitor.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(visitor.getByRole("alert")).toContainText("do not belong together");
  await expect(visitor.getByLabel("E-mail address")).toHaveValue("nobody@college.example");
});

test("[S11] a person sees where they are signed in and ends the other session", async ({ signedIn }) => {
  const here = await signedIn("employerLeader");
  const there = await signedIn("employerLeader");
  await here.goto("/account");
  await here.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(here.getByText(/other sessions? (is|are) over/)).toBeVisible();
  await there.goto("/account");
  await there.waitForURL(/\/sign-in\?to=/);
  await there.getByRole("button", { name: people.employerLeader }).first().click();
  // Back to where they wanted to go.
  await there.waitForURL(/\/account$/);
});

const provider = (page: Page) => page.getByRole("table", { name: "Members on the provider side" });

test("somebody is removed by keyboard, and only after a question that says what it means", async ({
  providerLeader: page,
}) => {
  await page.goto(`${await ownPartnership(page)}/people`);
  const home = page.url();
  const ask = async () => {
    await provider(page).getByLabel("Change Siân Prosser").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Remove from the partnership" }).locator("visible=true").focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Remove Siân Prosser?" })).toBeVisible();
    await expect(page).toHaveTitle(/^Remove Siân Prosser\?/);
  };
  await ask();
  await expect(page.getByText("loses access at once")).toBeVisible();
  await expect(page.getByText("What they wrote stays, under their name")).toBeVisible();
  await page.getByRole("link", { name: "Keep as a member" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(home);
  await expect(provider(page)).toContainText("Siân Prosser");

  await ask();
  const question = page.url();
  await page.getByRole("button", { name: "Remove from the partnership" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("That person is no longer a member")).toBeVisible();
  await expect(provider(page)).not.toContainText("Siân Prosser");
  // An old address asks about nobody.
  await page.goto(question);
  await expect(page.getByRole("heading", { name: "People", level: 1 })).toBeVisible();
});

test("without JavaScript, on a phone, somebody is removed after the same question", async ({
  browser,
  app,
}) => {
  const context = await browser.newContext({
    baseURL: app.url,
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: people.providerLeader }).first().tap();
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(`${await ownPartnership(page)}/people`);
  await provider(page).getByLabel("Change Gareth Okoye").tap();
  await page.getByRole("link", { name: "Remove from the partnership" }).locator("visible=true").tap();
  await expect(page.getByRole("heading", { name: "Remove Gareth Okoye?" })).toBeVisible();
  await expect(page.getByText("loses access at once")).toBeVisible();
  await page.getByRole("button", { name: "Remove from the partnership" }).tap();
  await expect(page.getByText("That person is no longer a member")).toBeVisible();
  await expect(provider(page)).not.toContainText("Gareth Okoye");
  await context.close();
});
