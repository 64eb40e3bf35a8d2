/**
 * The journey a stranger would call the product: two leaders of two organisations write
 * one plan, one of them loses the network and comes back, they name a version, write
 * on, bring the version back and take it away as a file.
 */
import { readFile } from "node:fs/promises";
import {
  atTheEnd,
  expectSaved,
  newDocument,
  openEditor,
  ownPartnership,
  textOf,
  waitForEditor,
} from "../document-page.ts";
import { expect, test } from "../fixtures.ts";
import { noNetwork } from "../watch.ts";

test("two leaders write one plan together, through a lost network, versions and an export", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  test.setTimeout(120_000);
  // Chromium reports the cut connection of the one who goes offline; the page says it in words.
  expected.push(noNetwork);

  const partnership = await ownPartnership(providerLeader);
  const address = await newDocument(
    providerLeader,
    `${partnership}/plans`,
    "Cold store technicians, year one",
  );
  const provider = await waitForEditor(providerLeader);
  const employer = await openEditor(employerLeader, address);
  await expect(employer, "the template is there once, for both").toContainText("Why this plan");

  // Both write at once, each sees the other.
  await atTheEnd(providerLeader, provider);
  await providerLeader.keyboard.type("The college teaches refrigeration in week four.");
  await atTheEnd(employerLeader, employer);
  await employerLeader.keyboard.type("We open the plant room on Tuesdays.");
  for (const editor of [provider, employer]) {
    await expect.poll(() => textOf(editor)).toContain("The college teaches refrigeration in week four.");
    await expect.poll(() => textOf(editor)).toContain("We open the plant room on Tuesdays.");
  }
  await expectSaved(providerLeader);
  await expectSaved(employerLeader);

  // The employer's network goes; both keep writing; nothing is lost.
  await employerLeader.context().setOffline(true);
  await expect(employerLeader.locator('[data-save="offline"]')).toBeVisible();
  await employerLeader.keyboard.type(" Bring your own boots.");
  await expect(employerLeader.locator('[data-save="offline"]')).toContainText(/kept on this device/);
  await providerLeader.keyboard.type(" Safety comes first.");
  await expectSaved(providerLeader);
  await employerLeader.context().setOffline(false);
  await expectSaved(employerLeader);
  for (const editor of [provider, employer]) {
    await expect.poll(() => textOf(editor)).toContain("Bring your own boots.");
    await expect.poll(() => textOf(editor)).toContain("Safety comes first.");
  }
  const agreedText = await textOf(provider);
  expect(await textOf(employer)).toBe(agreedText);

  // A version gets a name.
  await providerLeader.getByRole("link", { name: "Versions" }).click();
  await providerLeader.getByText("Name the present text").click();
  await providerLeader.getByLabel("Name", { exact: true }).fill("After the first visit");
  await providerLeader.getByRole("button", { name: "Keep this version" }).click();
  await expect(providerLeader.getByRole("status")).toContainText("is kept as “After the first visit”");
  const row = providerLeader.getByRole("listitem").filter({ hasText: "After the first visit" });
  await expect(row).toContainText("Nadia Rahmani");
  await expect(row).toContainText("Helen Mistry");

  // The employer writes on.
  await employerLeader.keyboard.type(" This sentence will go again.");
  await expectSaved(employerLeader);

  // The provider brings the version back; the employer sees it happen while the page is open.
  await row.getByRole("link", { name: /After the first visit/ }).click();
  await expect(providerLeader.getByRole("article")).toContainText("Bring your own boots.");
  await expect(providerLeader.getByRole("article")).not.toContainText("This sentence will go again.");
  await providerLeader.getByRole("button", { name: "Bring this back" }).click();
  await expect(providerLeader.getByRole("status").first()).toContainText("is the present text again");
  await expect.poll(() => textOf(employer)).toBe(agreedText);

  // And takes it away as a file that says what it is.
  const downloading = providerLeader.waitForEvent("download");
  await providerLeader.getByRole("link", { name: "Markdown" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("Cold store technicians, year one v4.md");
  const markdown = await readFile(await download.path(), "utf8");
  expect(markdown).toContain("Cold store technicians, year one");
  expect(markdown).toContain("Bring your own boots.");
  expect(markdown).toContain("We open the plant room on Tuesdays.");
  const page = providerLeader.waitForEvent("download");
  await providerLeader.getByRole("link", { name: "Web page" }).click();
  const html = await readFile(await (await page).path(), "utf8");
  expect(html).toContain("Bring your own boots.");
  expect(html, "a file to keep runs nothing").not.toContain("<script");
});
