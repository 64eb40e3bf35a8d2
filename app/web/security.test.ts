/**
 * What stands before Remix, against a real HTTP server made of the same middleware; and
 * the advisories of Remix v2 as regressions (promise S3).
 */
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { networkOf } from "./network.ts";
import { placeAfterSignIn } from "./redirects.ts";
import { bodyLimits, isSameOrigin, securityMiddleware } from "./security.ts";

const ours = "https://plans.example.org";
const foreign = [
  "null",
  "",
  "http://plans.example.org",
  "https://plans.example.org.",
  "https://plans.example.org:444",
  "https://plans.example.org.evil.example",
  "https://evil.example",
  "https://a.plans.example.org",
  "https://PLANS.example.org.evil",
  "https://plans.example.org/",
  "https://plans.example.org@evil.example",
  "https://plаns.example.org",
  "file://",
  "chrome-extension://abc",
  `${ours}, https://evil.example`,
  " https://plans.example.org.evil",
];

describe("before Remix", () => {
  let server: Server;
  let url = "";
  beforeAll(async () => {
    const app = express();
    for (const middleware of securityMiddleware({ origins: [ours] })) app.use(middleware);
    app.all("*", (_request, response) => {
      response.send("reached");
    });
    server = createServer(app).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("[S3] refuses every unsafe method from every origin but ours, with 403 and a sentence", async () => {
    let count = 0;
    const encodings = [
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "text/plain",
      "application/json",
    ];
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      for (const type of encodings)
        for (const origin of [undefined, ...foreign.filter((text) => /^[\x21-\x7e][\x20-\x7e]*$/.test(text))])
          for (const site of [
            undefined,
            "cross-site",
            "same-site",
            "none",
            ...(origin === undefined ? [] : ["same-origin"]),
          ]) {
            const headers: Record<string, string> = { "Content-Type": type };
            if (origin !== undefined) headers["Origin"] = origin;
            if (site !== undefined) headers["Sec-Fetch-Site"] = site;
            const response = await fetch(`${url}/partnerships/a/people`, { method, headers, body: "x" });
            count += 1;
            expect([method, origin, site, response.status]).toEqual([method, origin, site, 403]);
            expect(await response.text()).toContain("came from another site");
          }
    console.log(`${count} foreign requests refused`);
  });

  it("[S3] knows our origin to the letter, and the browser's word where there is no origin", () => {
    for (const origin of foreign)
      expect([origin, isSameOrigin({ origin, secFetchSite: "same-origin" }, [ours])]).toEqual([
        origin,
        false,
      ]);
    expect(isSameOrigin({ origin: ours }, [ours])).toBe(true);
    expect(isSameOrigin({ secFetchSite: "same-origin" }, [ours])).toBe(true);
    expect(isSameOrigin({}, [ours])).toBe(false);
  });

  it("[S3] lets our own pages and safe methods through, and knows no other method", async () => {
    const post = await fetch(url, { method: "POST", headers: { Origin: ours }, body: "x" });
    expect(post.status).toBe(200);
    expect((await fetch(url, { headers: { Origin: "https://evil.example" } })).status).toBe(200);
    const strange = await fetch(url, { method: "PROPFIND", headers: { Origin: ours } });
    expect(strange.status).toBe(405);
  });

  it("[S3] refuses addresses that cannot be read, and those that read as another host's", async () => {
    const { port } = new URL(url);
    const statusOf = (path: string) =>
      new Promise<number>((resolve, reject) => {
        const asking = request({ host: "127.0.0.1", port, path }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        asking.on("error", reject);
        asking.end();
      });
    const strange = [
      ..."//evil.example /\\evil.example /\\\\evil.example /%2fevil.example /%5Cevil.example /%5C%5C%3F%5C%2Fx".split(
        " ",
      ),
      ...".//%3F /%ff /%c0%af /%e0%a4%a".split(" ").map((path) => path.replace(/^\./, "/")),
    ];
    for (const path of strange) expect([path, await statusOf(path)]).toEqual([path, 400]);
    for (const path of ["/", "/help//", "/search?q=//evil.example", "/documents/%2f%2fx"])
      expect([path, await statusOf(path)]).toEqual([path, 200]);
  });

  it("[S3] takes bodies of a stated length up to the limit", async () => {
    const send = (path: string, bytes: number) =>
      fetch(`${url}${path}`, { method: "POST", headers: { Origin: ours }, body: new Uint8Array(bytes) }).then(
        ({ status }) => status,
        () => 413,
      );
    expect(await send("/account", bodyLimits.form)).toBe(200);
    expect(await send("/account", bodyLimits.form + 1)).toBe(413);
    expect(await send("/documents/x/images", bodyLimits.form + 1)).toBe(200);
    const streamed = await fetch(`${url}/account`, {
      method: "POST",
      headers: { Origin: ours },
      body: new Blob(["x"]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(streamed.status).toBe(411);
  });

  it("[S3] sends the policy with a new nonce each time, and lets nothing with data be stored", async () => {
    const responses = await Promise.all([fetch(url), fetch(`${url}/account`), fetch(`${url}/account.data`)]);
    const nonces = responses.map(
      ({ headers }) => /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1],
    );
    expect(new Set(nonces).size).toBe(3);
    for (const { headers } of responses) {
      const policy = headers.get("content-security-policy") ?? "";
      for (const part of [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
      ])
        expect(policy).toContain(part);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("same-origin");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("strict-transport-security")).toContain("max-age");
    }
    expect((await fetch(`${url}/assets/root.js`)).headers.get("cache-control")).toBeNull();
  });
});

describe("redirects", () => {
  it("[S3] lead to our own places alone, whatever the address asks for", () => {
    const hostile = `https://evil.example //evil.example /\\evil.example \\\\evil.example /%2f%2fevil.example
      javascript:alert(1) data:text/html,x /\t/evil.example //evil.example/account /account//evil.example
      /partnerships/../../evil /partnerships/..%2f..%2f /account?next=//evil.example#x http:evil.example
      /sign-out /look-around /documents/x /@evil.example /.evil.example ///evil.example /account\u2028x %2F%2Fevil`;
    for (const to of [
      ...hostile.split(/\s+/),
      "/\r\nSet-Cookie: a=b",
      "/account\n",
      null,
      undefined,
      {},
      ["/account"],
    ]) {
      const place = placeAfterSignIn(to);
      expect(new URL(place, ours).origin).toBe(ours);
      expect([to, ["/", "/account"].includes(place)]).toEqual([to, true]);
      expect(place).not.toMatch(/[\r\n\\]/);
    }
  });

  it("lead back to a document, a partnership and a search", () => {
    const document = "/documents/11111111-1111-4111-8111-111111111111";
    for (const to of ["/account", "/partnerships/own-street/people", document, `${document}/versions`])
      expect(placeAfterSignIn(to)).toBe(to);
    expect(placeAfterSignIn("/search?q=a%26b&next=//evil")).toBe("/search?q=a%26b");
  });
});

describe("networks", () => {
  it("[S12] are /24 and /64, however the address is written", () => {
    const known: readonly (readonly [string | undefined, string])[] = [
      ["192.0.2.77", "192.0.2.0/24"],
      ["::ffff:192.0.2.78", "192.0.2.0/24"],
      ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
      ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
      ["2001:0db8:0001:0002:ffff::", "2001:db8:1:2::/64"],
      ["2001:db8::1", "2001:db8:0:0::/64"],
      ["::1", "0:0:0:0::/64"],
      ["fe80::1%eth0", "fe80:0:0:0::/64"],
      ["unix:", "unknown"],
      ["", "unknown"],
      [undefined, "unknown"],
    ];
    for (const [address, network] of known) expect([address, networkOf(address)]).toEqual([address, network]);
  });
});
