/** People as they meet the product: invited, joining, choosing a password, leaving a computer. */
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
