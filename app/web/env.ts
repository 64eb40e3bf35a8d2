/**
 * Configuration from the environment: what may be set, what it means, its unit and its
 * default. Checked once at start; every fault is listed at once, so that nobody mends
 * one line, restarts and meets the next. There is no secret to set: sessions and links
 * are random and stored as hashes, and the data folder is closed to other users.
 * Source: rulings on origin, storage and demonstration data; table in README.md.
 */
import { resolve } from "node:path";

export interface Environment {
  /** TCP port; 0 takes any free one. Default 3000. */
  readonly port: number;
  /** Address to listen on. Default `127.0.0.1`: only this machine. */
  readonly host: string;
  /** Folder for everything that is kept: database, pictures, exports, outbox. Default `data`. */
  readonly dataFolder: string;
  /** The SQLite file. `DATABASE_URL=file:…`; default `two-way.db` in the data folder. */
  readonly databasePath: string;
  /** Address people type, without a trailing slash; null: localhost at the port. */
  readonly publicUrl: string | null;
  /** How many proxies in front of us to believe about the visitor's address. Default 0. */
  readonly trustedProxies: number;
  /** Where mails go. Null: they are kept in the data folder's `outbox`. */
  readonly smtpUrl: string | null;
  /** Demonstration data: yes, no, or (null) decided at the first start. */
  readonly demo: boolean | null;
}

export type EnvironmentFault = { readonly variable: string; readonly sentence: string };
export type EnvironmentResult =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly faults: readonly EnvironmentFault[] };

type Variables = Readonly<Record<string, string | undefined>>;

/** Is this host name this very machine? */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}

/** Reads and checks all variables. An empty text counts as not set. */
export function readEnvironment(variables: Variables): EnvironmentResult {
  const faults: EnvironmentFault[] = [];
  const fault = (variable: string, sentence: string) => {
    faults.push({ variable, sentence });
  };
  const given = (name: string): string | null => variables[name]?.trim() || null;

  const dataFolder = resolve(given("DATA_DIR") ?? "data");
  const environment: Environment = {
    port: wholeNumber(given("PORT"), 3000, 65_535, () =>
      fault("PORT", "must be a whole number from 0 to 65535."),
    ),
    host: given("HOST") ?? "127.0.0.1",
    dataFolder,
    databasePath: databasePath(given("DATABASE_URL"), dataFolder, fault),
    publicUrl: publicUrl(given("PUBLIC_URL"), fault),
    trustedProxies: wholeNumber(given("TRUST_PROXY"), 0, 10, () =>
      fault(
        "TRUST_PROXY",
        "must be the number of proxies in front of this server, from 0 to 10. 0 trusts no forwarded address.",
      ),
    ),
    smtpUrl: smtpUrl(given("SMTP_URL"), fault),
    demo: yesOrNo(given("DEMO"), fault),
  };
  if (/[\s/]/.test(environment.host))
    fault("HOST", "must be a host name or an IP address, for example 0.0.0.0.");
  return faults.length === 0 ? { ok: true, environment } : { ok: false, faults };
}

type Fault = (variable: string, sentence: string) => void;

function wholeNumber(text: string | null, byDefault: number, max: number, wrong: () => void): number {
  if (text === null) return byDefault;
  if (/^\d{1,5}$/.test(text) && Number(text) <= max) return Number(text);
  wrong();
  return byDefault;
}

function databasePath(text: string | null, dataFolder: string, fault: Fault): string {
  if (text === null) return resolve(dataFolder, "two-way.db");
  if (/^postgres(ql)?:/i.test(text)) {
    fault(
      "DATABASE_URL",
      "names PostgreSQL, which is not built yet. Leave it unset, or name a SQLite file: file:/var/lib/two-way/two-way.db",
    );
  } else if (!text.startsWith("file:") || text.length === "file:".length) {
    fault("DATABASE_URL", "must name a SQLite file, for example file:/var/lib/two-way/two-way.db");
  }
  return resolve(text.replace(/^file:(\/\/(?=\/))?/, ""));
}

function publicUrl(text: string | null, fault: Fault): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search || url.hash) {
    fault(
      "PUBLIC_URL",
      "must be the address people type, without a path, for example https://plans.example.org",
    );
    return null;
  }
  // Browsers keep the session's cookie over https and from this machine alone.
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    fault(
      "PUBLIC_URL",
      `must begin with https://: over http nobody could sign in from another machine. Put a proxy with a certificate in front, and name https://${url.host}`,
    );
  if (url.username || url.password) fault("PUBLIC_URL", "must not hold a name or a password.");
  return url.origin;
}

function smtpUrl(text: string | null, fault: Fault): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  // The value may hold a password, so it is not repeated.
  if (url === null || !/^smtps?:$/.test(url.protocol) || !url.hostname) {
    fault("SMTP_URL", "must look like smtp://name:password@mail.example.org:587");
    return null;
  }
  return text;
}

function yesOrNo(text: string | null, fault: Fault): boolean | null {
  if (text === null) return null;
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  fault("DEMO", "must be yes or no. Leave it unset to have it decided at the first start.");
  return null;
}

/** The faults as a block of text for the terminal. */
export function describeFaults(faults: readonly EnvironmentFault[]): string {
  const lines = faults.map(({ variable, sentence }) => `  ${variable} ${sentence}`);
  const head =
    faults.length === 1
      ? "Two-Way cannot start: one setting is wrong."
      : `Two-Way cannot start: ${faults.length} settings are wrong.`;
  return [head, ...lines].join("\n");
}
