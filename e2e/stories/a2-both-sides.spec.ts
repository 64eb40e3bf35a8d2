/**
 * Story A2: leaders from both sides type in the same plan at once; each sees the other's
 * cursor with name and side, and no text is lost after one goes offline and returns.
 */
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

test("[A2] each leader sees the other's cursor with name and side", async ({
  providerLeader,
  employerLeader,
}) => {
  const shelf = `${await ownPartnership(providerLeader)}/plans`;
  const address = await newDocument(providerLeader, shelf, "Carets of both sides");
  const provider = await waitForEditor(providerLeader);
  const employer = await openEditor(employerLeader, address);

  await atTheEnd(providerLeader, provider);
  await providerLeader.keyboard.type("From the college.");
  const providerFlag = employer.locator(".caret-flag");
  await expect(providerFlag).toHaveAttribute("title", "Nadia Rahmani (provider)");
  await atTheEnd(employerLeader, employer);
  await employerLeader.keyboard.type("From the dairy.");
  await expect(provider.locator(".caret-flag")).toHaveAttribute("title", "Helen Mistry (employer)");

  for (const page of [providerLeader, employerLeader]) {
    const faces = page.getByRole("group", { name: "Here now" });
    await expect(faces).toContainText(/NR/);
    await expect(faces).toContainText(/HM/);
  }
});

test("[A2] [D10] text typed offline and text typed meanwhile are both there, in the same order for both", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  expected.push(noNetwork);
  const shelf = `${await ownPartnership(providerLeader)}/plans`;
  const address = await newDocument(providerLeader, shelf, "Offline and back");
  const provider = await waitForEditor(providerLeader);
  const employer = await openEditor(employerLeader, address);

  await employerLeader.context().setOffline(true);
  await expect(employerLeader.locator('[data-save="offline"]')).toBeVisible();
  await atTheEnd(employerLeader, employer);
  const offlineWords = Array.from({ length: 8 }, (_, index) => `employer${index}`);
  await employerLeader.keyboard.type(offlineWords.join(" "));
  await atTheEnd(providerLeader, provider);
  const onlineWords = Array.from({ length: 8 }, (_, index) => `provider${index}`);
  await providerLeader.keyboard.type(onlineWords.join(" "));
  await expectSaved(providerLeader);

  await employerLeader.context().setOffline(false);
  await expectSaved(employerLeader);
  await expect.poll(() => textOf(provider)).toContain(offlineWords.join(" "));
  await expect.poll(() => textOf(employer)).toContain(onlineWords.join(" "));
  await expect.poll(async () => (await textOf(provider)) === (await textOf(employer))).toBe(true);
});
