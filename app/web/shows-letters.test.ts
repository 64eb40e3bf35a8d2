import { describe, expect, it } from "vitest";
import type { Services } from "../operations/services.ts";
import { showsLetters } from "./shows-letters.server.ts";

const own = { isDemo: true, keepsMails: true, publicUrl: "http://localhost:3000" };
const asked = (instance: Partial<typeof own>, clientAddress?: string) =>
  showsLetters({ services: { instance: { ...own, ...instance } } as unknown as Services, clientAddress });

describe("letters of a demonstration", () => {
  it("[S10] are shown on the demonstrator's own machine", () => {
    for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) expect(asked({}, address)).toBe(true);
  });

  it("[S10] are shown to nobody from elsewhere: they hold links to new passwords", () => {
    for (const address of [
      "192.168.1.20",
      "::ffff:10.0.0.7",
      "2001:db8::1",
      "127.0.0.1.example.org",
      "",
      undefined,
    ])
      expect(asked({}, address)).toBe(false);
  });

  it("[S10] are shown to nobody where the instance has a public address, whoever asks", () => {
    expect(asked({ publicUrl: "https://plans.example.org" }, "127.0.0.1")).toBe(false);
    expect(asked({ publicUrl: "http://127.0.0.1.example.org" }, "127.0.0.1")).toBe(false);
  });

  it("exist on no instance that is real or sends its letters", () => {
    expect(asked({ isDemo: false }, "127.0.0.1")).toBe(false);
    expect(asked({ keepsMails: false }, "127.0.0.1")).toBe(false);
  });
});
