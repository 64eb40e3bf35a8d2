/**
 * With JavaScript switched off the product still reads, names, brings back, archives and
 * finds: every deed on these pages is a form or a link. Only writing in a text needs it,
 * and the page says so.
 */
import { ownPartnership } from "./document-page.ts";
import { expect, people, test } from "./fixtures.ts";

test("without JavaScript a leader reads, renames, names and brings back a version, archives and searches", async ({
  browser,
  app,
}) => {
  const context = await browser.newContext({ baseURL: app.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: people.providerLeader }).first().click();
  await page.waitForURL((url) => url.pathname === "/");
  expect(await page.locator("html").getAttribute("lang")).toBe("en-GB");
  const partnership = await ownPartnership(page);

  await page.goto(`${partnership}/plans`);
  const plan = await page.locator('main a[href^="/documents/"]').first().getAttribute("href");
  await page.goto(plan ?? "");
  await expect(page.getByText("Wendlemoor College has taught maintenance engineering")).toBeVisible();
  // Looked for by its place: the text engine of the tests passes such elements by.
  await expect(page.locator("noscript .note")).toContainText("To write in it, allow JavaScript");

  await page.goto(`${plan}/versions`);
  await page.getByText("Name the present text").click();
  await page.getByLabel("Name", { exact: true }).fill("Named without a script");
  await page.getByRole("button", { name: "Keep this version" }).click();
  await expect(page.getByText("is kept as “Named without a script”")).toBeVisible();
  await page.getByRole("link", { name: /^After exchange 3/ }).click();
  await page.getByRole("button", { name: "Bring this back" }).click();
  await expect(page.getByText(/^Version \d+ is the present text again/)).toBeVisible();

  await page.goto(`${partnership}/pages`);
  const shelved = await page.locator('main a[href^="/documents/"]').first().getAttribute("href");
  await page.goto(`${shelved}/organise`);
  await page.getByLabel("Title").fill("Words renamed plainly");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("link", { name: "Words renamed plainly" })).toBeVisible();

  await page.goto(`${shelved}/organise`);
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByText("“Words renamed plainly” is archived")).toBeVisible();
  await expect(page.getByRole("link", { name: "Words renamed plainly" })).toHaveCount(0);
  await page.getByRole("button", { name: "Bring this back" }).click();
  await expect(page.getByRole("link", { name: "Words renamed plainly" })).toBeVisible();

  await page.getByRole("searchbox", { name: "Search all documents" }).fill("renamed plainly");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\?q=/);
  await expect(page.getByRole("link", { name: "Words renamed plainly" })).toBeVisible();
  await expect(page.locator("mark").first()).toBeVisible();
  await context.close();
});

test("without JavaScript, or before it has come, somebody is asked before they leave a partnership", async ({
  browser,
  app,
}) => {
  const context = await browser.newContext({ baseURL: app.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: people.providerLeader }).first().click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(`${await ownPartnership(page)}/people`);
  await page.getByRole("button", { name: "Leave this partnership" }).click();
  const question = page.getByRole("dialog", { name: "Leave this partnership?" });
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Stay" }).click();
  await expect(question).toBeHidden();
  await context.close();
});
