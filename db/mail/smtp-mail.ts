/**
 * Letters by SMTP. The address of the server comes from `SMTP_URL`; its certificate is
 * checked. What is sent is never logged: letters hold links that give access.
 */
import { createTransport } from "nodemailer";
import { ok, refuse } from "../../app/domain/result.ts";
import { letterHtml } from "./letter-html.ts";
import type { Mail } from "./mail.ts";

export type SmtpParts = {
  /** `smtp://name:password@host:port`, or `smtps:`. */
  readonly url: string;
  /** The sender, e.g. `Two-Way <no-reply@plans.example.org>`. */
  readonly from: string;
  /** Told that a letter could not be sent, with the server's code; never whose it was. */
  onFailure(code: string): void;
};

/** Refuses `mail-not-sent`. Waits for the server at most 15 seconds. */
export function createSmtpMail({ url, from, onFailure }: SmtpParts): Mail & { close(): void } {
  const transport = createTransport(url, {
    from,
    // User text never names a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text }) {
      try {
        await withDeadline(
          // As an object: an address with commas or brackets in a text would be several.
          transport.sendMail({ to: { name: "", address: to }, subject, text, html: letterHtml(text) }),
        );
        return ok(null);
      } catch (error) {
        onFailure(codeOf(error));
        return refuse("mail-not-sent");
      }
    },
    kept: async () => [],
    close: () => transport.close(),
  };
}

const deadline = 15_000;

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error("late"), { code: "ETIMEDOUT" })), deadline);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** nodemailer's own code, such as ECONNECTION; its messages hold addresses. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[A-Z_]{1,20}$/.test(code) ? code : "unknown";
}
