import { describe, expect, it } from "vitest";
import { createPasswords } from "./passwords.ts";

describe("passwords", () => {
  const passwords = createPasswords();

  it("[S11] keeps Argon2id with its own parameters and a new salt each time, never the password", async () => {
    const [first, second] = await Promise.all([
      passwords.hash("four plain words here"),
      passwords.hash("four plain words here"),
    ]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(first).not.toContain("plain");
    expect(await passwords.matches("four plain words here", first)).toBe(true);
    expect(await passwords.matches("four plain words here", second)).toBe(true);
    expect(await passwords.matches("Four plain words here", first)).toBe(false);
  });

  it("takes é typed as one character or as two for the same", async () => {
    const stored = await passwords.hash("caf\u00e9 in the market");
    expect(await passwords.matches("cafe\u0301 in the market", stored)).toBe(true);
  });

  it("[S12] does the same work and says no where there is no password", async () => {
    expect(await passwords.matches("anything at all", null)).toBe(false);
    expect(await passwords.matches("anything at all", "")).toBe(false);
    expect(await passwords.matches("anything at all", "$argon2id$v=19$m=8,t=1,p=1$short$x")).toBe(false);
  });
});
