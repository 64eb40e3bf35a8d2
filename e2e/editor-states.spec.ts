/**
 * A document's page when something goes wrong around it: rights and sessions that end,
 * a server that restarts, a disk that refuses, an editor that is too old. In each the
 * text stays, what was typed stays, and a sentence says what happened.
 */
import { join } from "node:path";
import { expect as check, type Locator, type Page, test as plain } from "@playwright/test";
import Sqlite from "better-sqlite3";
import * as Y from "yjs";
import { RawClient } from "../collab-server/testing/raw-client.ts";
import {
  downloadedBy,
  illustrative,
  open,
  save,
  startDocument,
  text,
  waiting,
  write,
} from "./document-page.ts";
import { enter } from "./enter.ts";
import { expect, test } from "./fixtures.ts";
import { type RunningApp, startApp } from "./running-app.ts";
import { noNetwork } from "./watch.ts";

async function saved(page: Page): Promise<void> {
  await expect(save(page)).toHaveText(/^Saved \d\d:\d\d$/, { timeout: 30_000 });
}

/** The words without the flags of others' carets, which stand inside the paragraphs. */
const wordsOf = (page: Page) =>
  text(page).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const widget of copy.querySelectorAll(".caret")) widget.remove();
    return copy.textContent ?? "";
  });

/** Sends a form of the product as this person, from the same browser. */
async function send(page: Page, path: string, form: Record<string, string>): Promise<number> {
  const { origin } = new URL(page.url());
  const answer = await page.request.post(path, { form, headers: { origin }, maxRedirects: 0 });
  return answer.status();
}

/** Text of the file that "Download what you wrote" gives. */
async function takenAway(page: Page): Promise<string> {
  return downloadedBy(page, page.getByRole("button", { name: "Download what you wrote" }));
}

/** Another line of the same person, without any editor behind it. */
async function lineOf(page: Page, app: RunningApp, path: string): Promise<RawClient> {
  const documentId = path.slice("/documents/".length);
  const database = new Sqlite(join(app.dataFolder, "two-way.db"), { readonly: true });
  const epoch = database.prepare("select epoch from document where id = ?").pluck().get(documentId) as string;
  database.close();
  const cookies = await page.context().cookies();
  return new RawClient({
    url: ({ doc }) =>
      `${app.url.replace("http", "ws")}/collab/${documentId}?schema=1&epoch=${epoch}&client=${doc.clientID}&also=&have=0`,
    headers: { origin: app.url, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
    isPage: false,
  });
}

/** Changes the query of the next live connections, as an old page would have it. */
async function connectAs(page: Page, change: Readonly<Record<string, string>>): Promise<void> {
  await page.addInitScript((wanted) => {
    const altered = (address: string) => {
      const url = new URL(address, location.href);
      if (!url.pathname.startsWith("/collab/")) return address;
      for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
      return url.href;
    };
    window.WebSocket = class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(altered(String(address)), protocols);
      }
    };
    const fetchNow = window.fetch.bind(window);
    window.fetch = (input, init) => fetchNow(typeof input === "string" ? altered(input) : input, init);
  }, change);
}

test("[S11] signed out elsewhere: the text stays, and what was written can be taken along", async ({
  signedIn,
  expected,
}) => {
  expected.push(/status of 401|WebSocket/);
  const here = await signedIn("employerLeader");
  const there = await signedIn("employerLeader");
  await startDocument(here, "Signed out elsewhere");
  await write(here, "Kept words.");
  await saved(here);
  await there.goto("/account");
  await there.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(here.getByText("Please sign in first.")).toBeVisible();
  await expect(here.getByText("Everything you wrote before was stored.")).toBeVisible();
  await expect(text(here)).toContainText("Kept words.");
  await expect(text(here)).toHaveAttribute("contenteditable", "false");
  expect(await takenAway(here)).toContain("Kept words.");
  await expect(save(here)).toHaveCount(0);
});

test("archived while somebody writes: the text stays readable and can be taken along", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  expected.push(/status of 40\d|WebSocket/);
  const path = await startDocument(providerLeader, "Archived under one's hands");
  await open(employerLeader, path);
  await write(employerLeader, "Written before it was archived.");
  await saved(employerLeader);
  await send(providerLeader, `${path}/organise`, { intent: "archive" });
  await expect(employerLeader.getByRole("button", { name: "Copy what you wrote" })).toBeVisible();
  await expect(text(employerLeader)).toHaveAttribute("contenteditable", "false");
  expect(await takenAway(employerLeader)).toContain("Written before it was archived.");
});

/** Pastes plain text at the end, as the clipboard would. */
async function paste(page: Page, words: { line: string; times: number; last: string }): Promise<void> {
  await text(page).locator("> p").last().click();
  await text(page).evaluate((element, { line, times, last }) => {
    const data = new DataTransfer();
    data.setData("text/plain", `${`${line}\n\n`.repeat(times)}${last}`);
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, words);
}

test("[D18] a paste above the limit of one message is stored, and one goes on writing", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  expected.push(/WebSocket/);
  const path = await startDocument(providerLeader, "A large paste");
  await open(employerLeader, path);
  let sockets = 0;
  providerLeader.on("websocket", () => {
    sockets += 1;
  });
  const line = "outcome ".repeat(16_000);
  await paste(providerLeader, { line, times: 10, last: "the last words" });
  await saved(providerLeader);
  await providerLeader.keyboard.type(" and more");
  await saved(providerLeader);
  await expect(text(employerLeader)).toContainText("the last words and more");
  await write(employerLeader, " Still here.");
  await saved(employerLeader);
  await expect(text(providerLeader)).toContainText("Still here.");
  expect(sockets).toBeGreaterThan(0);
  expect(sockets).toBeLessThanOrEqual(3);
  console.log(`[D18] ${line.length * 10} bytes pasted, ${sockets} new line, all stored`);
});

test("[D18] a paste above the limit of a document stops the retries, and its words stay on the page", async ({
  providerLeader,
  employerLeader,
  app,
  expected,
}) => {
  expected.push(/WebSocket/);
  const path = await startDocument(providerLeader, "Too large a paste");
  await open(employerLeader, path);
  let sockets = 0;
  providerLeader.on("websocket", () => {
    sockets += 1;
  });
  // Nearly 5 MB, most of it beside the text: no page has to draw it.
  const filler = await lineOf(providerLeader, app, path);
  const full = new Y.Doc();
  full.clientID = filler.doc.clientID;
  const updates: Uint8Array[] = [];
  full.on("update", (update: Uint8Array) => updates.push(update));
  for (let piece = 0; piece < 5; piece++) full.getMap("filler").set(`${piece}`, "x".repeat(1_000_000));
  filler.connect();
  await filler.until(() => filler.isOpen, "an open line");
  filler.sendSync(0, Y.encodeStateVector(full));
  await filler.until(() => filler.wasAskedForStep2, "the server's question");
  filler.sendStep2(Y.mergeUpdates(updates));
  await filler.allAcked();
  filler.destroy();
  await paste(providerLeader, { line: "outcome ".repeat(16_000), times: 3, last: "the last words" });
  await expect(providerLeader.getByText("This document has reached its limit of 5 MB.")).toBeVisible({
    timeout: 30_000,
  });
  await expect(providerLeader.getByText("Some of what you wrote here has not been stored.")).toBeVisible();
  expect(await takenAway(providerLeader)).toContain("the last words");
  expect(sockets).toBeLessThanOrEqual(3);
  // Others go on.
  await write(employerLeader, "Still here.");
  await saved(employerLeader);
});

test("[D18] a paste too large to take in at once is refused in a sentence where one writes, and nothing is lost", async ({
  providerLeader: page,
}) => {
  await startDocument(page, "Far too much");
  await write(page, "Before. ");
  await saved(page);
  const before = await wordsOf(page);
  await paste(page, { line: "a line", times: 6_000, last: "the last words" });
  const sentence = page.getByText(
    "That is too much to paste at once: 6,001 lines, and 3,000 are taken in one go. Nothing was pasted.",
  );
  await expect(sentence).toBeInViewport();
  expect(await wordsOf(page)).toBe(before);
  await page.getByRole("button", { name: "Close" }).click();
  await expect(sentence).toBeHidden();
  // The cursor is where it was, and what follows is stored as ever.
  await page.keyboard.type("After.");
  await saved(page);
  expect(await wordsOf(page)).toContain("Before. After.");
});

test("[D14] an editor with an older schema is never mounted, and the person reads why", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  expected.push(/WebSocket|status of 4/);
  const path = await startDocument(providerLeader, "Seen by an old page");
  await write(providerLeader, "Newest words.");
  await saved(providerLeader);
  await connectAs(employerLeader, { schema: "0" });
  await employerLeader.goto(path);
  await expect(employerLeader.getByText("This page was opened with an older editor.")).toBeVisible();
  await expect(text(employerLeader)).toHaveCount(0);
  await expect(employerLeader.locator(".sheet .doc-text")).toContainText("Newest words.");
});

test("a page of an earlier history is told so, keeps its text and sends nothing", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  expected.push(/WebSocket|status of 4/);
  const path = await startDocument(providerLeader, "A history replaced");
  await write(providerLeader, "Present words.");
  await saved(providerLeader);
  await connectAs(employerLeader, { epoch: "3f0c8d5e-4a53-4a5e-9d2c-6a4d1b0e7c11" });
  await employerLeader.goto(path);
  await expect(employerLeader.getByText("The history of this document was replaced")).toBeVisible();
  await expect(employerLeader.locator(".sheet .doc-text")).toContainText("Present words.");
});

test("[D14] a node of an unknown kind, sent while editors are open, is kept byte for byte", async ({
  providerLeader,
  employerLeader,
  app,
  expected,
}) => {
  expected.push(/WebSocket/);
  const path = await startDocument(providerLeader, "A node from the future");
  await write(providerLeader, "Known words.");
  await saved(providerLeader);
  await open(employerLeader, path);
  const stranger = await lineOf(providerLeader, app, path);
  const node = new Y.XmlElement("learningOutcomeGrid");
  node.setAttribute("standard", "ST0116");
  node.insert(0, [new Y.XmlText("kept words")]);
  const strange = new Y.Doc();
  strange.clientID = stranger.doc.clientID;
  strange.getXmlFragment("default").insert(0, [node]);
  stranger.connect();
  await stranger.until(() => stranger.isOpen, "an open line");
  stranger.sendSync(0, Y.encodeStateVector(strange));
  await stranger.until(() => stranger.wasAskedForStep2, "the server's question");
  stranger.sendStep2(Y.encodeStateAsUpdate(strange));
  await stranger.allAcked();
  stranger.destroy();
  for (const page of [providerLeader, employerLeader]) {
    await expect(page.getByText("A part of this document cannot be shown in this editor.")).toBeVisible();
    await expect(text(page)).toHaveAttribute("contenteditable", "false");
    await expect(text(page)).toContainText("Known words.");
    await page.keyboard.type("nothing of this is written");
  }
  // Opened anew, the server's drawing stands and no editor is mounted.
  await employerLeader.reload();
  await expect(
    employerLeader.getByText("A part of this document cannot be shown in this editor."),
  ).toBeVisible();
  await expect(text(employerLeader)).toHaveCount(0);
  await expect(employerLeader.locator(".sheet .doc-text")).toContainText("Known words.");
  const rows = new Sqlite(join(app.dataFolder, "two-way.db"), { readonly: true })
    .prepare("select bytes from log where document = (select number from document where id = ?) order by seq")
    .pluck()
    .all(path.slice("/documents/".length)) as Buffer[];
  const doc = new Y.Doc();
  for (const bytes of rows) Y.applyUpdate(doc, bytes);
  expect(doc.getXmlFragment("default").toString()).toContain(
    '<learningoutcomegrid standard="ST0116">kept words</learningoutcomegrid>',
  );
});

test("[D9] while storing fails the page never says Saved, and does so again afterwards", async ({
  providerLeader,
  app,
  expected,
}) => {
  // The server turns connections away as long as it cannot store.
  expected.push(/WebSocket|status of 503/);
  await startDocument(providerLeader, "A disk that refuses");
  await write(providerLeader, "Before. ");
  await saved(providerLeader);
  const lock = new Sqlite(join(app.dataFolder, "two-way.db"));
  lock.exec("begin immediate");
  await providerLeader.keyboard.type("While it refuses.");
  // Every state the page shows from here on.
  await save(providerLeader).evaluate((element) => {
    const seen: string[] = [element.textContent ?? ""];
    Object.assign(window, { seenStates: seen });
    new MutationObserver(() => seen.push(document.querySelector("[data-save]")?.textContent ?? "")).observe(
      element.parentElement ?? element,
      { subtree: true, childList: true, characterData: true },
    );
  });
  await expect(save(providerLeader)).toHaveText("Not saved yet. Keep this page open, we are still trying.", {
    timeout: 10_000,
  });
  const states = await providerLeader.evaluate(
    () => (window as unknown as { seenStates: string[] }).seenStates,
  );
  expect(states.filter((state) => state.startsWith("Saved"))).toEqual([]);
  lock.exec("rollback");
  lock.close();
  await saved(providerLeader);
  await providerLeader.reload();
  await expect(text(providerLeader)).toContainText("Before. While it refuses.");
});

test("two tabs of one person show one face", async ({ providerLeader, employerLeader }) => {
  const path = await startDocument(providerLeader, "One face");
  const second = await providerLeader.context().newPage();
  await open(second, path);
  await open(employerLeader, path);
  const faces = employerLeader.locator(".docbar-faces [role=img]");
  await expect(faces).toHaveCount(2);
  await second.close();
  await expect(faces).toHaveCount(2);
  await providerLeader.goto("/");
  await expect(faces).toHaveCount(1);
});

test("on a phone one sees how many of each side are here, and who", async ({
  providerLeader,
  employerLeader,
}) => {
  await providerLeader.setViewportSize({ width: 390, height: 844 });
  const path = await startDocument(providerLeader, "Here on a phone");
  const bar = providerLeader.locator(".docbar-presence > summary");
  await expect(bar).toHaveAccessibleName("Here now: 1 of the provider side");
  await open(employerLeader, path);
  await expect(bar).toHaveAccessibleName("Here now: 1 of the provider side, 1 of the employer side");
  await expect(bar.locator("svg")).toHaveCount(2);
  const box = await bar.boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  const people = providerLeader.locator(".docbar-presence li");
  await expect(people.first()).toBeHidden();
  await bar.click();
  await expect(people).toHaveText([/Wendlemoor.*\(provider\)/, /Brindlewick.*\(employer\)/]);
  for (const person of await people.all()) await expect(person).toBeInViewport({ ratio: 1 });
  await employerLeader.goto("/");
  await expect(bar).toHaveAccessibleName("Here now: 1 of the provider side");
});

test("on a phone neither the line one writes in nor the slash menu hides behind the bars", async ({
  providerLeader: page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await startDocument(page, "On the way", "plans");
  const bar = page.locator(".docbar");
  const tools = page.locator(".toolbars");
  const isClear = async (part: Locator) => {
    const [box, above, below] = await Promise.all([bar, tools].map((one) => one.boundingBox())).then(
      async ([over, under]) => [await part.boundingBox(), over, under] as const,
    );
    return (
      box !== null &&
      above != null &&
      below != null &&
      box.y >= above.y + above.height &&
      box.y + box.height <= below.y
    );
  };
  await text(page).locator("> p").last().click();
  await page.keyboard.press("Control+End");
  for (let line = 0; line < 12; line++) {
    await page.keyboard.press("Enter");
    await page.keyboard.type("Line");
  }
  await expect.poll(() => isClear(text(page).locator("> p").last())).toBe(true);
  await page.keyboard.press("Control+Home");
  await expect.poll(() => isClear(text(page).locator("> *").first())).toBe(true);
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("/");
  await expect.poll(() => isClear(page.locator(".slash"))).toBe(true);
});

test("undo takes back one's own words with three people writing", async ({
  providerLeader,
  employerLeader,
  facilitator,
}) => {
  const path = await startDocument(providerLeader, "Three people");
  await open(employerLeader, path);
  await open(facilitator, path);
  const seats: [Page, string][] = [
    [providerLeader, "Alpha "],
    [employerLeader, "Bravo "],
    [facilitator, "Charlie "],
  ];
  for (const [page, words] of seats) {
    await write(page, words);
    for (const [other] of seats) await expect.poll(() => wordsOf(other)).toContain(words.trim());
  }
  await employerLeader.keyboard.press("Control+z");
  for (const [page] of seats) {
    await expect.poll(() => wordsOf(page)).not.toContain("Bravo");
    expect(await wordsOf(page)).toContain("Alpha Charlie");
  }
});

test("others' changes are announced politely, with their section, and the sheet of keys silences them", async ({
  providerLeader,
  employerLeader,
}) => {
  const path = await startDocument(providerLeader, "Announced", "plans");
  await open(employerLeader, path);
  await write(providerLeader, "Words at the end.");
  const live = employerLeader.locator("[aria-live=polite]").filter({ hasText: /changed/ });
  await expect(live).toHaveText(/ changed “.+”\.$/, { timeout: 15_000 });
  await text(employerLeader).click();
  await employerLeader.keyboard.press("Control+/");
  const sheet = employerLeader.getByRole("dialog");
  await expect(sheet).toBeVisible();
  await employerLeader.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
});

test("the role is lost while writing: the text stays, and what was written can be taken along", async ({
  facilitator,
  providerLeader,
  expected,
}) => {
  expected.push(/status of 40\d|WebSocket/);
  const path = await startDocument(providerLeader, "A right that ends");
  await open(facilitator, path);
  await write(facilitator, "Words of the facilitator.");
  await saved(facilitator);
  expect(await send(facilitator, `${illustrative}/people`, { intent: "leave" })).toBe(302);
  await expect(facilitator.getByRole("button", { name: "Copy what you wrote" })).toBeVisible();
  await expect(text(facilitator)).toHaveAttribute("contenteditable", "false");
  expect(await takenAway(facilitator)).toContain("Words of the facilitator.");
});

test("the right is lost while offline: it is told, and what was written is never shown as if it were stored", async ({
  providerLeader,
  employerLeader: away,
  expected,
}) => {
  expected.push(noNetwork, /status of 40\d|WebSocket/);
  const path = await startDocument(providerLeader, "Archived meanwhile");
  await open(away, path);
  await write(away, "Words from before. ");
  await saved(away);
  await away.context().setOffline(true);
  await away.keyboard.type("Words from the train.");
  await expect(save(away)).toHaveText(/^Offline\. \d+ changes kept on this device\.$/);
  expect(await send(providerLeader, `${path}/organise`, { intent: "archive" })).toBe(302);
  await away.context().setOffline(false);
  await expect(away.getByText("This document is archived. Bring it back first")).toBeVisible();
  await expect(away.getByText("Some of what you wrote here has not been stored.")).toBeVisible();
  await expect(text(away)).toHaveAttribute("contenteditable", "false");
  expect(await takenAway(away)).toContain("Words from the train.");

  await away.reload();
  const left = away.getByRole("region", { name: "Words that are only on this device" });
  await expect(left).toContainText("nobody else can see them");
  await expect.poll(() => wordsOf(away)).toContain("Words from before.");
  expect(await wordsOf(away)).not.toContain("Words from the train.");
  expect(await takenAway(away)).toContain("Words from the train.");

  expect(await send(providerLeader, `${path}/organise`, { intent: "bring-back" })).toBe(302);
  await away.reload();
  await saved(away);
  await expect(left).toHaveCount(0);
  await open(providerLeader, path);
  await expect.poll(() => wordsOf(providerLeader)).toContain("Words from the train.");
});

plain(
  "[B6] the server restarts while two people type: nothing is lost and Saved comes back",
  async ({ browser }) => {
    plain.setTimeout(120_000);
    let app = await startApp();
    const { dataFolder, url } = app;
    try {
      const one = await enter(browser, url, /Leader on the provider side/);
      const other = await enter(browser, url, /Leader on the employer side/);
      const path = await startDocument(one, "Through a restart");
      await open(other, path);
      await write(one, "Before the restart. ");
      await saved(one);
      await app.stop();
      await one.keyboard.type("While it was away. ");
      await text(other).locator("> p").last().click();
      await other.keyboard.press("Control+End");
      await other.keyboard.type("Also away. ");
      await check(save(one)).not.toHaveText(/^Saved \d\d:\d\d$/);
      app = await startApp({ dataFolder, environment: { PORT: new URL(url).port } });
      await saved(one);
      await saved(other);
      for (const page of [one, other])
        for (const words of ["Before the restart.", "While it was away.", "Also away."])
          await check.poll(() => wordsOf(page)).toContain(words);
      await one.reload();
      for (const words of ["Before the restart.", "While it was away.", "Also away."])
        await check.poll(() => wordsOf(one)).toContain(words);
    } finally {
      await app.remove();
    }
  },
);

plain(
  "who may only read makes nothing of what two marked at once: they read on, and leave unasked",
  async ({ browser }) => {
    const app = await startApp();
    try {
      const facilitator = await enter(browser, app.url, /Facilitator/);
      await facilitator.goto(`${illustrative}/people`);
      const member = facilitator.getByRole("row", { name: /Observer/ }).first();
      await member.getByLabel(/^Change /).click();
      await member.getByLabel("Role").selectOption("commenter");
      await member.getByRole("button", { name: "Save the role" }).click();
      await check(facilitator.getByText("The role is changed.")).toBeVisible();
      const one = await enter(browser, app.url, /Leader on the provider side/);
      const other = await enter(browser, app.url, /Leader on the employer side/);
      const reader = await enter(browser, app.url, /Owen Farrant/);

      const path = await startDocument(one, "Bold at once");
      await write(one, "Rivers under bridges");
      // What the server tells the other page can be held back, as by a slow line.
      const late: (() => void)[] = [];
      let isHeldBack = false;
      await other.routeWebSocket(/\/collab\//, (socket) => {
        socket.connectToServer().onMessage((message) => {
          if (isHeldBack) late.push(() => socket.send(message));
          else socket.send(message);
        });
      });
      await open(other, path);
      await open(reader, path);
      await check(text(reader)).toContainText("bridges");
      await check(text(other)).toContainText("bridges");
      isHeldBack = true;
      for (const page of [one, other]) {
        await text(page).locator("> p").last().click();
        await page.keyboard.press("Control+End");
        await page.keyboard.press("Shift+Home");
        await page
          .getByRole("toolbar", { name: "Selected text" })
          .getByRole("button", { name: "Bold" })
          .click();
        await check(text(page).locator("strong")).toHaveText("Rivers under bridges");
      }
      await check(text(reader).locator("strong")).toContainText("Rivers under bridges");
      isHeldBack = false;
      for (const arrive of late) arrive();
      await check(save(other)).toHaveText(/^Saved/);
      await write(one, ", to the end.");
      await check.poll(() => wordsOf(reader)).toContain("Rivers under bridges, to the end.");
      check(await waiting(reader)).toBe(0);
      await reader.getByRole("link", { name: "Pages", exact: true }).first().click();
      await reader.waitForURL(/\/pages$/);
    } finally {
      await app.remove();
    }
  },
);
