/** Notes of an exchange start from their template, also where no exchange is recorded. */
import { newDocument, ownPartnership, waitForEditor } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

test("a facilitator starts notes of an exchange from the template", async ({ facilitator }) => {
  const shelf = `${await ownPartnership(facilitator)}/exchanges`;
  await newDocument(facilitator, shelf, "Exchange 6: The second cohort");
  const text = await waitForEditor(facilitator);
  await expect(text).toContainText("Matters arising");
  await facilitator.goto(shelf);
  await expect(facilitator.getByRole("link", { name: "Exchange 6: The second cohort" })).toBeVisible();
});
