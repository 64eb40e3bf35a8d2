import { expect, test } from "./fixtures.ts";

test.describe("the house", () => {
  test("is alive and ready, and its pages wake up without a word in the console", async ({
    visitor,
    app,
  }) => {
    expect(await (await fetch(`${app.url}/healthz`)).text()).toBe("alive\n");
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    await visitor.goto("/");
    await visitor.waitForFunction(() => "__remixRouter" in window);
    await expect(visitor.locator("html")).toHaveAttribute("lang", "en-GB");
  });
});
