/** An administrator as an operator makes one: named at the server's console, by a printed link. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";

const run = promisify(execFile);

/** Names an administrator and answers the link under which they choose a password. */
async function administratorLink(dataFolder: string, url: string): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [
      join(import.meta.dirname, "../scripts/name-administrator.ts"),
      "head@programme.example",
      "Programme head",
    ],
    { env: { ...process.env, DATA_DIR: dataFolder, PUBLIC_URL: url } },
  );
  const link = /^http\S+\/reset#\S+$/m.exec(stdout)?.[0];
  if (!link) throw new Error(`No link was printed:\n${stdout}`);
  return link;
}

/** Signs the page in as a new administrator of the instance, and stays on their home. */
export async function becomeAdministrator(
  page: Page,
  app: { readonly dataFolder: string; readonly url: string },
): Promise<void> {
  await page.goto(await administratorLink(app.dataFolder, app.url));
  await page.getByLabel("New password").fill("harbour lantern meadow");
  await page.getByLabel("The same again").fill("harbour lantern meadow");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await page.waitForURL((url) => url.pathname === "/");
}
