/**
 * The page of a document in a real browser: two people of both sides in one text, the
 * line lost and found again, undo, reading only, carets. Everything typed goes through
 * the built server and its log.
 */
import type { Page } from "@playwright/test";
import { open, save, startDocument, text, waiting } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";
import { noNetwork } from "./watch.ts";

/** The words of the text without the flags of carets, which lie inside paragraphs. */
const wordsOf = (page: Page) =>
  text(page).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const widget of copy.querySelectorAll(".caret")) widget.remove();
    return [...copy.querySelectorAll("p, h2, h3, li")].map((block) => block.textContent).join("\n");
  });

/** At the end of the last paragraph. */
async function goToEnd(page: Page): Promise<void> {
  await text(page).locator("> p").last().click();
  await page.keyboard.press("Control+End");
}

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

test("Home and End go where they say while somebody else types", async ({
  providerLeader,
  employerLeader,
}) => {
  const path = await startDocument(providerLeader, "Keys beside keys");
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
  const typing = (async () => {
    while (isMoving) await employerLeader.keyboard.type("beside ", { delay: 5 });
  })();
  const pressed: string[] = [];
  const places: string[] = [];
  for (let press = 0; press < 48; press++) {
    const key = press % 2 === 0 ? "Home" : "End";
    await providerLeader.keyboard.press(key);
    pressed.push(key);
    places.push(await placeOfCursor());
  }
  isMoving = false;
  await typing;
  expect(places).toEqual(pressed);
});

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

test("[D4] a new plan opens as its template, once, for two people", async ({
  providerLeader,
  employerLeader,
}) => {
  const path = await startDocument(providerLeader, "A plan from its template", "plans");
  await open(employerLeader, path);
  for (const page of [providerLeader, employerLeader]) {
    await expect(text(page).getByRole("heading", { name: "Why this plan" })).toHaveCount(1);
    await expect(page.getByRole("navigation", { name: "Outline" }).first()).toContainText(
      "Review and sign-off",
    );
  }
});

test("an observer is told why the text is not open yet", async ({ providerLeader, observer, expected }) => {
  expected.push(/status of 403/);
  const path = await startDocument(providerLeader, "Read only");
  const response = await observer.goto(path);
  // Nothing has been agreed yet: observers wait (rulings 21).
  expect(response?.status()).toBe(403);
  await expect(observer.getByText("Observers read what both sides have agreed.")).toBeVisible();
});

test("the slash menu inserts a table by keyboard alone, and its rows grow by keyboard", async ({
  providerLeader,
}) => {
  await startDocument(providerLeader, "A table by keyboard");
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("/tab");
  await expect(providerLeader.getByText("Three columns with a header row")).toBeVisible();
  await providerLeader.keyboard.press("Enter");
  await providerLeader.keyboard.type("Week");
  await providerLeader.keyboard.press("Tab");
  await providerLeader.keyboard.type("Where");
  await expect(text(providerLeader).locator("th")).toHaveText(["Week", "Where", "Column 3"]);
  await providerLeader.keyboard.press("Alt+Shift+ArrowDown");
  await expect(text(providerLeader).locator("tr")).toHaveCount(4);
  await providerLeader.keyboard.press("Alt+Shift+ArrowRight");
  await expect(text(providerLeader).locator("tr").first().locator("th")).toHaveCount(4);
});

test("the slash menu finds blocks by their whole name and by what else they are called", async ({
  providerLeader,
}) => {
  await startDocument(providerLeader, "Blocks by name");
  await goToEnd(providerLeader);
  const menu = providerLeader.locator(".slash");
  await providerLeader.keyboard.type("/numbered list");
  await expect(menu).toContainText("Steps in order");
  await providerLeader.keyboard.press("Enter");
  await providerLeader.keyboard.type("First");
  await expect(text(providerLeader).locator("ol li")).toHaveText(["First"]);
  await providerLeader.keyboard.press("Enter");
  await providerLeader.keyboard.press("Enter");
  await providerLeader.keyboard.type("/quote");
  await expect(menu).toContainText("Quotation");
  await providerLeader.keyboard.press("Enter");
  await providerLeader.keyboard.type("Their words, /list of three");
  // What nothing is called is text, and the menu does not stand in its way.
  await expect(menu).toHaveCount(0);
  await providerLeader.keyboard.press("Enter");
  await providerLeader.keyboard.type("@Helen Mis");
  await expect(menu).toContainText("Helen Mistry");
  await providerLeader.keyboard.press("Enter");
  await expect(text(providerLeader).locator("blockquote p")).toHaveText([
    "Their words, /list of three",
    "@Helen Mistry ",
  ]);
});

test("Markdown typed at the start of a line becomes a block", async ({ providerLeader }) => {
  await startDocument(providerLeader, "Markdown");
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("## Part");
  await providerLeader.keyboard.press("Enter");
  await providerLeader.keyboard.type("* one");
  await expect(text(providerLeader).getByRole("heading", { level: 3, name: "Part" })).toBeVisible();
  await expect(text(providerLeader).locator("ul li")).toHaveText(["one"]);
});

test("a person of the partnership is mentioned with @", async ({ providerLeader }) => {
  await startDocument(providerLeader, "Mentions");
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("Ask @Hel");
  await expect(providerLeader.locator(".slash")).toContainText("Helen Mistry");
  await providerLeader.keyboard.press("Enter");
  await expect(text(providerLeader).locator(".mention")).toHaveText("@Helen Mistry");
});

test("[S4] a link leads only where it is safe, with a sentence where it is not", async ({
  providerLeader,
}) => {
  await startDocument(providerLeader, "Links");
  await goToEnd(providerLeader);
  await providerLeader.keyboard.press("Control+k");
  const dialog = providerLeader.getByRole("dialog", { name: "Add a link" });
  await dialog.getByLabel("Address").fill("javascript:alert(1)");
  await dialog.getByLabel("Words to show").fill("The standard");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByText("That is not an address we can link to.")).toBeVisible();
  await dialog.getByLabel("Address").fill("example.org/standard");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(text(providerLeader).getByRole("link", { name: "The standard" })).toHaveAttribute(
    "href",
    "https://example.org/standard",
  );
});

test("[S7] a picture is asked for its description, stored, and seen by the other side", async ({
  providerLeader,
  employerLeader,
  visitor,
  expected,
}) => {
  expected.push(/status of 404|status of 401|status of 302/);
  const path = await startDocument(providerLeader, "Pictures");
  await open(employerLeader, path);
  await goToEnd(providerLeader);
  const png = await providerLeader.screenshot({ clip: { x: 0, y: 0, width: 60, height: 40 } });
  const choose = async (buffer: Buffer) => {
    const chooser = providerLeader.waitForEvent("filechooser");
    await providerLeader.getByRole("button", { name: "Picture" }).click();
    await (await chooser).setFiles({ name: "bar.svg", mimeType: "image/png", buffer });
  };
  const dialog = providerLeader.getByRole("dialog", { name: "Add a picture" });
  await choose(Buffer.concat([png, Buffer.alloc(16 * 1024 * 1024)]));
  const tooLarge = dialog.getByText("The file has 17 MB; 10 MB is the most we can take.");
  await expect(tooLarge).toBeVisible();
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(tooLarge).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await choose(png);
  await expect(tooLarge).toHaveCount(0);
  await dialog.getByLabel("Describe the picture").fill("The corner of a page");
  await dialog.getByRole("button", { name: "Add" }).click();
  const picture = text(employerLeader).getByRole("img", { name: "The corner of a page" });
  await expect(picture).toBeVisible();
  const address = await picture.getAttribute("src");
  expect(address).toMatch(/^\/images\/[0-9a-f-]{36}$/);
  const served = await employerLeader.request.get(address ?? "");
  expect(served.headers()["content-type"]).toBe("image/png");
  expect(served.headers()["content-security-policy"]).toContain("sandbox");
  const stranger = await visitor.request.get(address ?? "", { maxRedirects: 0 });
  expect(stranger.headers()["content-type"] ?? "").not.toContain("image/");
  expect(stranger.status()).not.toBe(200);
});

test("[S4] what is pasted from elsewhere is cleaned by the schema", async ({ providerLeader, expected }) => {
  // The browser's own parser meets the handler before the schema does, and the policy stops it.
  expected.push(/Executing inline event handler violates/);
  await startDocument(providerLeader, "Pasted");
  await goToEnd(providerLeader);
  await text(providerLeader).evaluate((element) => {
    const data = new DataTransfer();
    data.setData(
      "text/html",
      `<h1 style="color:red" onclick="alert(1)">Pasted title</h1>
       <p>Some <a href="javascript:alert(1)">bad</a> and <a href="https://example.org/x" target="_blank">good</a>
       <img src="https://evil.example/track.png"><script>window.wasRun = true</script></p>
       <iframe src="https://evil.example"></iframe><ul><li>point</li></ul>`,
    );
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await expect(text(providerLeader).getByRole("heading", { level: 2, name: "Pasted title" })).toBeVisible();
  await expect(text(providerLeader).getByRole("link")).toHaveText(["good"]);
  const html = await text(providerLeader).innerHTML();
  expect(html).not.toMatch(/javascript:|evil\.example|onclick|<iframe|<script|color: ?red|target=/);
  expect(await providerLeader.evaluate(() => "wasRun" in window)).toBe(false);
});

test("[D6] opening, walking through and leaving a document writes nothing", async ({
  providerLeader,
  employerLeader,
}) => {
  const path = await startDocument(providerLeader, "Only looked at", "plans");
  await providerLeader.goto("/");
  const sent: string[] = [];
  employerLeader.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      const bytes = Buffer.from(payload);
      // A sync message that is not a question (0, 0): SyncStep2 (0, 1) or Update (0, 2).
      if (bytes[0] === 0 && bytes[1] !== 0) sent.push(bytes.toString("hex"));
    });
  });
  await open(employerLeader, path);
  await text(employerLeader).locator("table").first().locator("td").first().click();
  await employerLeader.keyboard.press("Control+End");
  await employerLeader.getByRole("navigation", { name: "Outline" }).first().getByText("Co-delivery").click();
  await expect(save(employerLeader)).toHaveText(/^Saved/);
  await employerLeader.goto("/");
  // The answer to the server's question holds nothing: no structs, no deletions.
  expect([...new Set(sent)]).toEqual(["0001020000"]);
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
