/**
 * Two people of both sides in one text in a real browser: what each sees of the other, whose
 * edits undo takes back, the line lost and found again. Everything typed goes through the
 * built server and its log.
 */
import type { Page } from "@playwright/test";
import { goToEnd, open, save, startDocument, text, waiting } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";
import { noNetwork } from "./watch.ts";

/** The words of the text without the flags of carets, which lie inside paragraphs. */
const wordsOf = (page: Page) =>
  text(page).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const widget of copy.querySelectorAll(".caret")) widget.remove();
    return [...copy.querySelectorAll("p, h2, h3, li")].map((block) => block.textContent).join("\n");
  });

test("two people of both sides write in one text, and both see it saved", async ({
  providerLeader,
  employerLeader,
}) => {
  const path = await startDocument(providerLeader, "Written together");
  await open(employerLeader, path);
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("From the college. ");
  await expect(text(employerLeader)).toContainText("From the college.");
  await goToEnd(employerLeader);
  await employerLeader.keyboard.type("From the employer.");
  await expect.poll(() => wordsOf(providerLeader)).toContain("From the college. From the employer.");
  await expect(save(providerLeader)).toHaveText(/^Saved \d\d:\d\d$/);
  await expect(save(employerLeader)).toHaveText(/^Saved \d\d:\d\d$/);
});

for (const { does, keys } of [
  { does: "types", keys: ["b", "e", "s", "i", "d", "e", " "] },
  { does: "moves about", keys: ["ArrowLeft", "ArrowRight"] },
]) {
  test(`Home and End go where they say while somebody else ${does}`, async ({
    providerLeader,
    employerLeader,
  }) => {
    const path = await startDocument(providerLeader, `Keys while somebody ${does}`);
    await goToEnd(providerLeader);
    await providerLeader.keyboard.type("A line to move in.");
    await providerLeader.keyboard.press("Enter");
    await open(employerLeader, path);
    await expect(text(employerLeader)).toContainText("A line to move in.");
    await goToEnd(employerLeader);
    await providerLeader.keyboard.press("ArrowUp");
    /** Is the cursor before or behind everything in its paragraph, once what the key set off is drawn? */
    const placeOfCursor = () =>
      providerLeader.evaluate(async () => {
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        const { focusNode, focusOffset } = getSelection() ?? {};
        if (focusNode?.textContent !== "A line to move in.") return "elsewhere";
        return focusOffset === 0 ? "Home" : focusOffset === focusNode.textContent.length ? "End" : "between";
      });
    let isMoving = true;
    const beside = (async () => {
      while (isMoving) for (const key of keys) await employerLeader.keyboard.press(key, { delay: 5 });
    })();
    const pressed: string[] = [];
    const places: string[] = [];
    for (let press = 0; press < 40; press++) {
      const key = press % 2 === 0 ? "Home" : "End";
      await providerLeader.keyboard.press(key);
      pressed.push(key);
      places.push(await placeOfCursor());
    }
    isMoving = false;
    await beside;
    expect(places).toEqual(pressed);
  });
}

test("carets and faces show name and side, and the flag rests", async ({
  providerLeader,
  employerLeader,
}) => {
  const path = await startDocument(providerLeader, "Who is where");
  await open(employerLeader, path);
  await goToEnd(employerLeader);
  await employerLeader.keyboard.type("Here");
  const caret = providerLeader.locator(".caret-employer");
  await expect(caret).toHaveCount(1);
  const name = await caret.textContent();
  expect(name).toMatch(/\w+ \w+/);
  await expect(
    providerLeader.getByRole("img", { name: new RegExp(`${name}, .*\\(employer\\)`) }),
  ).toBeVisible();
  await expect(caret).toHaveClass(/is-resting/);
  await employerLeader.close();
  await expect(caret).toHaveCount(0);
});

test("undo takes back one's own edits and nobody else's", async ({ providerLeader, employerLeader }) => {
  const path = await startDocument(providerLeader, "Undo mine");
  await open(employerLeader, path);
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("Mine.");
  await expect(text(employerLeader)).toContainText("Mine.");
  await goToEnd(employerLeader);
  await employerLeader.keyboard.type(" Yours.");
  await expect.poll(() => wordsOf(providerLeader)).toContain("Mine. Yours.");
  await providerLeader.getByRole("button", { name: "Undo my last change" }).click();
  await expect.poll(() => wordsOf(providerLeader)).not.toContain("Mine.");
  expect(await wordsOf(providerLeader)).toContain("Yours.");
  await providerLeader.getByRole("button", { name: "Redo" }).click();
  await expect.poll(() => wordsOf(employerLeader)).toContain("Mine.");
});

test("[D10] offline, both write on; what was typed is counted and merges on return", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  expected.push(noNetwork);
  const path = await startDocument(providerLeader, "Offline and back");
  await open(employerLeader, path);
  await providerLeader.context().setOffline(true);
  await expect(save(providerLeader)).toHaveText(/^Offline\./);
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("abc");
  await expect(save(providerLeader)).toHaveText("Offline. 3 changes kept on this device.");
  await goToEnd(employerLeader);
  await employerLeader.keyboard.type("xyz");
  await expect(save(employerLeader)).toHaveText(/^Saved/);
  await providerLeader.context().setOffline(false);
  await expect(save(providerLeader)).toHaveText(/^Saved/);
  for (const page of [providerLeader, employerLeader]) {
    await expect.poll(() => wordsOf(page)).toContain("abc");
    await expect.poll(() => wordsOf(page)).toContain("xyz");
  }
  expect(await wordsOf(providerLeader)).toBe(await wordsOf(employerLeader));
});

test("[D10] a document is reloaded without a network, written on, and merges when the network is back", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  expected.push(noNetwork);
  const path = await startDocument(providerLeader, "Kept on this device");
  await open(employerLeader, path);
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("Before. ");
  // On the other's screen means on disk; the save state of a moment ago could still be in sight.
  await expect.poll(() => wordsOf(employerLeader)).toContain("Before.");
  await expect(save(providerLeader)).toHaveText(/^Saved/);
  // A reload cuts off what the device is still noting; it would then count those changes again.
  await expect.poll(() => waiting(providerLeader)).toBe(0);
  // The worker keeps its page and the editor in the background.
  await expect(providerLeader.locator("html")).toHaveAttribute("data-kept-for-offline", "yes");
  await providerLeader.context().setOffline(true);
  await providerLeader.reload();
  await expect(text(providerLeader)).toContainText("Before.");
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("Without a network.");
  await expect(save(providerLeader)).toHaveText(/^Offline\. 18 changes kept on this device\.$/);
  await providerLeader.context().setOffline(false);
  await providerLeader.waitForURL(new RegExp(`${path}$`));
  await expect(save(providerLeader)).toHaveText(/^Saved/);
  await expect.poll(() => wordsOf(employerLeader)).toContain("Before. Without a network.");
});
