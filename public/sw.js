/*
 * Offline: an open document survives a reload without a network (rulings 15). This
 * worker keeps a page without anybody's data and the built assets; the text itself is
 * in IndexedDB and never passes through here. Registered only where a person allowed
 * this device to keep things (promise W12).
 */
const cacheName = "two-way-shell-1";
const shellPath = "/offline";
const documentPath = /^\/documents\/([0-9a-f-]{36})$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Base64 SHA-256 of a script, as a content security policy names it. */
async function hashOf(script) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}

/**
 * The shell as it is kept: fetched as nobody, its nonces taken out, its inline scripts
 * allowed by their hashes, so that a later page cannot reuse what an earlier one was given.
 */
async function keepShell(cache) {
  const answer = await fetch(shellPath, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) return [];
  const html = (await answer.text())
    .replace(/ nonce="[^"]*"/g, "")
    .replace(/(property="csp-nonce") content="[^"]*"/g, "$1");
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    (found) => found[1],
  );
  const hashes = await Promise.all(scripts.map(hashOf));
  const policy = [
    "default-src 'self'",
    `script-src 'self' ${hashes.join(" ")}`,
    "style-src-elem 'self'",
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join("; ");
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy };
  await cache.put(shellPath, new Response(html, { headers }));
  return [...html.matchAll(/\/assets\/[\w.-]+\.(?:js|css)/g)].map((found) => found[0]);
}

/** An asset from the cache, or fetched into it. Built names carry a hash, so either is right. */
async function kept(cache, path) {
  const found = await cache.match(path);
  if (found) return found;
  await cache.add(path);
  return cache.match(path);
}

/** Shell, everything its modules import, and what the page has loaded; the rest goes. */
async function keep(assets) {
  const cache = await caches.open(cacheName);
  const wanted = new Set(assets.filter((path) => path.startsWith("/assets/")));
  const waiting = await keepShell(cache);
  const seen = new Set();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    wanted.add(path);
    const asset = await kept(cache, path);
    if (!path.endsWith(".js")) continue;
    const imports = (await asset.text()).matchAll(/["'](?:\.\/|assets\/)([\w.-]+\.(?:js|css))["']/g);
    for (const [, name] of imports) waiting.push(`/assets/${name}`);
  }
  await Promise.all([...wanted].map((path) => kept(cache, path)));
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/assets/") && !wanted.has(pathname)) await cache.delete(request);
  }
}

self.addEventListener("message", (event) => {
  if (event.data?.kind !== "keep" || !Array.isArray(event.data.assets)) return;
  const done = keep(event.data.assets.filter((path) => typeof path === "string")).then(
    () => event.source?.postMessage({ kind: "kept" }),
    // The network went while we fetched: what was kept before stays, the next page tries again.
    () => event.source?.postMessage({ kind: "not-kept" }),
  );
  event.waitUntil(done);
});

async function shellFor(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const { pathname } = new URL(request.url);
    const documentId = documentPath.exec(pathname)?.[1];
    if (documentId) return Response.redirect(`${shellPath}?document=${documentId}`, 302);
    const shell = pathname === shellPath ? await caches.match(shellPath) : undefined;
    if (shell) return shell;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && (documentPath.test(pathname) || pathname === shellPath)) {
    event.respondWith(shellFor(request));
  } else if (pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
