/**
 * Story A1: an administrator creates a programme with nine partnerships and sees each
 * one's sector, sides, last exchange and plan state on one page. (Open actions join the
 * page with the actions themselves.)
 */
import { becomeAdministrator } from "../administrator.ts";
import { expect, test } from "../fixtures.ts";

/** Sectors and sides as a programme of nine might have them; all invented. */
const partnerships = [
  ["Construction in the east", "Construction", "Eastmere College", "Harrow & Pine Builders"],
  ["Fields and packhouses", "Agribusiness", "Fenwold College", "Longacre Growers"],
  ["Freight and parcels", "Logistics and transport", "Hillgate College", "Redline Haulage"],
  ["Homes for the city", "Construction", "Westbank College", "Canal Housing Trust"],
  ["Behind the till", "Retail", "Quayside Training", "Marlow Stores"],
  ["Safe processes", "Process manufacturing", "Millbrook College", "Vale Chemicals"],
  ["Care close to home", "Health", "Southmoor Training Providers", "Northfield Hospitals"],
  ["Precision parts", "Engineering", "Forge Skills Company", "Tolland Engineering"],
  ["Science at work", "STEM", "Wharfside College", "Brightwell Products"],
] as const;

test("[A1] an administrator sees nine partnerships of both sides on one page", async ({
  visitor,
  app,
  expected,
}) => {
  // The browser's console reports the refused form; the page says it in words.
  expected.push(/status of 422 .*programmes\/new/);
  await becomeAdministrator(visitor, app);

  await visitor.goto("/programmes/new");
  await visitor.getByLabel("Title").fill("Leadership exchange in the east");
  await visitor.getByLabel("What it is for").fill("Leaders of both sides plan training together.");
  await visitor.getByLabel("Starts").fill("2025-02-01");
  await visitor.getByLabel("Ends").fill("2025-01-01");
  await visitor.getByRole("button", { name: "Start the programme" }).click();
  await expect(visitor.getByText("The end is before the start. Check both dates.")).toBeVisible();
  await expect(visitor.getByLabel("Title"), "what was typed stays").toHaveValue(
    "Leadership exchange in the east",
  );
  await visitor.getByLabel("Ends").fill("2025-10-31");
  await visitor.getByRole("button", { name: "Start the programme" }).click();
  await visitor.waitForURL("**/programmes/leadership-exchange-in-the-east");

  for (const [title, sector, provider, employer] of partnerships) {
    await visitor.goto("/programmes/leadership-exchange-in-the-east/partnerships/new");
    await visitor.getByLabel("Title").fill(title);
    await visitor.getByLabel("Sector").fill(sector);
    await visitor.getByLabel("Organisation 1", { exact: true }).fill(provider);
    await visitor.getByLabel("Organisation 2", { exact: true }).fill(employer);
    await visitor.getByRole("button", { name: "Add the partnership" }).click();
    await visitor.waitForURL(/\/partnerships\/(?!new)/);
  }

  await visitor.goto("/programmes/leadership-exchange-in-the-east");
  const table = visitor.getByRole("table");
  await expect(table.getByRole("row")).toHaveCount(partnerships.length + 1);
  for (const [, sector, provider, employer] of partnerships) {
    const row = table.getByRole("row").filter({ hasText: provider });
    await expect(row).toContainText(sector);
    await expect(row).toContainText(employer);
  }
  for (const heading of [/sector/i, /last exchange/i, /plan/i]) {
    await expect(table.getByRole("columnheader", { name: heading })).toBeVisible();
  }
});
