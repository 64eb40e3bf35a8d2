/**
 * The page of a document in a real browser: its template, blocks and menus, mentions, links,
 * pictures, pastes, and reading without writing. Everything typed goes through the built
 * server and its log.
 */
import type { Locator } from "@playwright/test";
import { goToEnd, open, save, startDocument, text } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

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

test("the slash menu inserts a table by keyboard alone, its rows grow by keyboard, a second goes behind it, and so does Ctrl+End", async ({
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
  await providerLeader
    .getByRole("toolbar", { name: "Text" })
    .getByRole("button", { name: "Table", exact: true })
    .click();
  await providerLeader.keyboard.type("Second");
  await expect(text(providerLeader).locator("> .tableWrapper")).toHaveCount(2);
  await expect(text(providerLeader).locator("td table, th table")).toHaveCount(0);
  await expect(text(providerLeader).locator("table").last().locator("th").first()).toHaveText("Second");
  await expect(text(providerLeader).locator("> *").last()).toHaveClass("tableWrapper");
  await providerLeader.keyboard.press("Control+End");
  await providerLeader.keyboard.type("Behind it");
  await expect(text(providerLeader).locator("> *").last()).toHaveText("Behind it");
});

test("an address that is typed becomes a link at a space and at the line's end, and Enter goes on", async ({
  providerLeader,
}) => {
  await startDocument(providerLeader, "Typed addresses");
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("Ask ann@college.ac.uk, or see www.example.org.");
  await providerLeader.keyboard.press("Enter");
  await providerLeader.keyboard.type("The next line");
  await expect(text(providerLeader).locator("> p")).toHaveText([
    "Ask ann@college.ac.uk, or see www.example.org.",
    "The next line",
  ]);
  const links = text(providerLeader).getByRole("link");
  await expect(links).toHaveText(["ann@college.ac.uk", "www.example.org"]);
  await expect(links.first()).toHaveAttribute("href", "mailto:ann@college.ac.uk");
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

test("[S4] a link leads only where it is safe, with a sentence where it is not, and is followed where one writes", async ({
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
  const context = providerLeader.context();
  await context.route("https://example.org/**", (route) => route.fulfill({ body: "The standard itself" }));
  const follow = async (link: Locator, options?: { modifiers: ["Control"] }) => {
    const opening = context.waitForEvent("page");
    await link.click(options);
    const opened = await opening;
    await expect(opened.getByText("The standard itself")).toBeVisible();
    await opened.close();
  };
  const link = text(providerLeader).getByRole("link", { name: "The standard" });
  await follow(link, { modifiers: ["Control"] });
  // A click alone puts the cursor there, and says where the link leads.
  await link.click();
  await follow(providerLeader.getByRole("link", { name: "example.org/standard" }));
  // A link that is changed is not chosen by it: the next key would take its place.
  await link.click({ position: { x: 5, y: 5 } });
  await providerLeader.keyboard.press("Control+k");
  const changing = providerLeader.getByRole("dialog", { name: "Change the link" });
  await changing.getByLabel("Address").fill("example.org/other");
  await changing.getByRole("button", { name: "Change" }).click();
  await expect(link).toHaveAttribute("href", "https://example.org/other");
  await expect(text(providerLeader)).toBeFocused();
  await providerLeader.keyboard.press("Control+k");
  await changing.getByRole("button", { name: "Remove the link" }).click();
  await providerLeader.keyboard.type("X");
  // Beside the letters, wherever among them the click had put the cursor.
  const words = text(providerLeader).locator("> p").last();
  await expect(words).toContainText("X");
  expect((await words.textContent())?.replace("X", "")).toBe("The standard");
});

test("[S7] a picture is asked for its description, stored, seen by the other side, and not typed over", async ({
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
  await expect(text(providerLeader).locator(".ProseMirror-selectednode")).toHaveCount(0);
  // What is typed next goes behind it; so does what is typed on it, once it is chosen.
  await providerLeader.keyboard.type("and on");
  const own = text(providerLeader).getByRole("img");
  await own.click();
  await providerLeader.keyboard.type("Seen here ");
  await expect(text(providerLeader).locator("> p")).toHaveText(["Seen here and on"]);
  // Elsewhere: two clicks on one place are a double one.
  await own.click({ position: { x: 5, y: 5 } });
  await providerLeader.getByRole("button", { name: "Change", exact: true }).click();
  const describing = providerLeader.getByRole("dialog", { name: "Describe the picture" });
  await describing.getByRole("textbox").fill("The upper corner");
  await describing.getByRole("button", { name: "Describe" }).click();
  await expect(text(employerLeader).getByRole("img", { name: "The upper corner" })).toBeVisible();
  const address = await own.getAttribute("src");
  expect(address).toMatch(/^\/images\/[0-9a-f-]{36}$/);
  const served = await employerLeader.request.get(address ?? "");
  expect(served.headers()["content-type"]).toBe("image/png");
  expect(served.headers()["content-security-policy"]).toContain("sandbox");
  const file = await employerLeader.request.get(`${path}/export.html`);
  expect(await file.text()).toContain(
    `src="data:image/png;base64,${(await served.body()).toString("base64")}"`,
  );
  const stranger = await visitor.request.get(address ?? "", { maxRedirects: 0 });
  expect(stranger.headers()["content-type"] ?? "").not.toContain("image/");
  expect(stranger.status()).not.toBe(200);
});

test("[S4] what is pasted from elsewhere is cleaned by the schema, and taken back by one undo", async ({
  providerLeader,
  expected,
}) => {
  // The browser's own parser meets the handler before the schema does, and the policy stops it.
  expected.push(/Executing inline event handler violates/);
  await startDocument(providerLeader, "Pasted");
  await goToEnd(providerLeader);
  await providerLeader.keyboard.type("Typed before");
  await providerLeader.keyboard.press("Enter");
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
  // It is one step of its own to take back.
  await providerLeader.keyboard.press("Control+z");
  await expect(text(providerLeader)).toHaveText("Typed before");
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
