import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { describeFaults, isLoopback, readEnvironment } from "./env.ts";

function faultsOf(variables: Record<string, string>) {
  const result = readEnvironment(variables);
  return result.ok ? [] : result.faults.map(({ variable }) => variable);
}
function read(variables: Record<string, string>) {
  const result = readEnvironment(variables);
  if (!result.ok) throw new Error(describeFaults(result.faults));
  return result.environment;
}

describe("configuration", () => {
  it("needs nothing: on its own it serves this machine alone, from the folder `data`", () => {
    expect(read({})).toEqual({
      port: 3000,
      host: "127.0.0.1",
      dataFolder: resolve("data"),
      databasePath: resolve("data/two-way.db"),
      publicUrl: null,
      trustedProxies: 0,
      smtpUrl: null,
      demo: null,
    });
  });

  it("takes an empty text for a variable that is not set", () => {
    expect(read({ PORT: "", DATABASE_URL: " ", DEMO: "" })).toEqual(read({}));
  });

  it("keeps the database in the data folder unless a file is named", () => {
    expect(read({ DATA_DIR: "/srv/two-way" }).databasePath).toBe("/srv/two-way/two-way.db");
    for (const url of ["file:/srv/a.db", "file:///srv/a.db"])
      expect(read({ DATABASE_URL: url }).databasePath).toBe("/srv/a.db");
    expect(read({ DATABASE_URL: "file:a.db" }).databasePath).toBe(resolve("a.db"));
  });

  it("refuses PostgreSQL with a sentence until it is built", () => {
    const result = readEnvironment({ DATABASE_URL: "postgres://me:secret@db/plans" });
    if (result.ok) throw new Error("accepted");
    expect(describeFaults(result.faults)).toContain("PostgreSQL, which is not built yet");
    expect(describeFaults(result.faults)).not.toContain("secret");
  });

  it("lists all faults at once, one line each, and repeats no value that may hold a password", () => {
    const result = readEnvironment({
      PORT: "eighty",
      HOST: "http://all",
      DATABASE_URL: "mysql://x",
      PUBLIC_URL: "plans.example.org/two-way",
      TRUST_PROXY: "yes",
      SMTP_URL: "mail.example.org secret",
      DEMO: "perhaps",
    });
    if (result.ok) throw new Error("accepted");
    const named = result.faults.map(({ variable }) => variable);
    expect(named.toSorted()).toEqual(
      ["PORT", "HOST", "DATABASE_URL", "PUBLIC_URL", "TRUST_PROXY", "SMTP_URL", "DEMO"].toSorted(),
    );
    const text = describeFaults(result.faults);
    expect(text.split("\n")).toHaveLength(8);
    expect(text).toContain("7 settings are wrong");
    expect(text).not.toContain("secret");
  });

  it.each(["-1", "65536", "3000.5", "1e3", "0x50"])("refuses %s as a port", (PORT) => {
    expect(faultsOf({ PORT })).toEqual(["PORT"]);
  });

  it.each(["https://plans.example.org/app", "ftp://example.org", "example.org", "https://me@example.org"])(
    "refuses %s as the public address",
    (PUBLIC_URL) => {
      expect(faultsOf({ PUBLIC_URL })).toEqual(["PUBLIC_URL"]);
    },
  );

  it("refuses a public address over http unless it is this very machine, and says what to do", () => {
    for (const url of [
      "http://10.0.0.5:3000",
      "http://plans.example.org",
      "http://0.0.0.0",
      "http://[fd00::1]",
    ]) {
      const result = readEnvironment({ PUBLIC_URL: url });
      if (result.ok) throw new Error(`${url} was accepted`);
      expect(describeFaults(result.faults)).toContain(
        "PUBLIC_URL must begin with https://: over http nobody",
      );
    }
    for (const url of ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:3000", "https://10.0.0.5"])
      expect(read({ PUBLIC_URL: url }).publicUrl).toBe(url);
  });

  it("keeps only the origin of the public address", () => {
    expect(read({ PUBLIC_URL: "https://plans.example.org:443/" }).publicUrl).toBe(
      "https://plans.example.org",
    );
  });

  it("reads yes and no as people write them", () => {
    for (const text of ["1", "yes", "TRUE", "on"]) expect(read({ DEMO: text }).demo).toBe(true);
    for (const text of ["0", "no", "False", "off"]) expect(read({ DEMO: text }).demo).toBe(false);
  });

  it("knows this very machine by its names", () => {
    expect(["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"].every(isLoopback)).toBe(true);
    expect(["0.0.0.0", "::", "example.org", "127.example.org", "10.0.0.1"].some(isLoopback)).toBe(false);
  });
});
