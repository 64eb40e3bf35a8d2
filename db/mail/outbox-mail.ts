/**
 * Letters in a folder, where no mail server is set: one text file a letter, readable by
 * the owner of the server alone. A demonstration instance shows them on a page.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { oneLine } from "../../app/domain/one-line.ts";
import { ok } from "../../app/domain/result.ts";
import type { Letter, Mail } from "./mail.ts";

/** As many as the page lists. */
const shown = 100;

/** Names of files are made of the time and a UUID, of no user's text (promise S8). */
export function createOutboxMail(parts: { readonly folder: string; now(): number }): Mail {
  return {
    async send({ to, subject, text }) {
      await mkdir(parts.folder, { recursive: true, mode: 0o700 });
      const name = `${String(parts.now()).padStart(15, "0")}-${randomUUID()}.txt`;
      const content = `To: ${oneLine(to)}\nSubject: ${oneLine(subject)}\n\n${text}`;
      // Renamed when whole, so that nobody reads half a letter.
      await writeFile(join(parts.folder, `${name}.part`), content, { mode: 0o600 });
      await rename(join(parts.folder, `${name}.part`), join(parts.folder, name));
      return ok(null);
    },
    async kept() {
      await mkdir(parts.folder, { recursive: true, mode: 0o700 });
      const names = (await readdir(parts.folder)).filter((name) => /^\d{15}-[\w-]{36}\.txt$/.test(name));
      const newest = names.sort().reverse().slice(0, shown);
      return Promise.all(
        newest.map(async (name) => ({
          at: Number(name.slice(0, 15)),
          ...readLetter(await readFile(join(parts.folder, name), "utf8")),
        })),
      );
    },
  };
}

function readLetter(content: string): Letter {
  const [, to = "", subject = "", text = ""] = /^To: (.*)\nSubject: (.*)\n\n([\s\S]*)$/.exec(content) ?? [];
  return { to, subject, text };
}
