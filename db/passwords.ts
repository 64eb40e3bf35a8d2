/**
 * Passwords at rest: Argon2id from `node:crypto`, in PHC text form. The work runs on
 * libuv's pool, so the loop that serves live editing is never held up. The parameters
 * are OWASP's second choice (19 MiB, 2 passes, 1 lane); what is stored carries its own,
 * so raising them later breaks nobody.
 */
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";

/** Argon2id from node:crypto, in PHC text form. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes the same time when `stored` is null, so that nobody learns who has an account. */
  matches(password: string, stored: string | null): Promise<boolean>;
}

type Parameters = { readonly memory: number; readonly passes: number; readonly parallelism: number };
const parameters: Parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const tagLength = 32;
const saltLength = 16;

type Stored = Parameters & { readonly salt: Buffer; readonly tag: Buffer };

const phc =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,64})\$([A-Za-z0-9+/]{43})$/;

function parse(text: string): Stored | null {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(text) ?? [];
  if (memory === undefined || salt === undefined || tag === undefined) return null;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}

function derive(
  password: string,
  salt: Buffer,
  { memory, passes, parallelism }: Parameters,
): Promise<Buffer> {
  // One person may type é as one character, another's keyboard as two.
  const message = Buffer.from(password.normalize("NFC"));
  return new Promise((resolve, reject) => {
    argon2("argon2id", { message, nonce: salt, memory, passes, parallelism, tagLength }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    );
  });
}

const unpadded = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");

/** Hashing for the whole server; holds no state but the answer for people who do not exist. */
export function createPasswords(): Passwords {
  const nobody: Stored = { ...parameters, salt: randomBytes(saltLength), tag: randomBytes(tagLength) };
  return {
    async hash(password) {
      const salt = randomBytes(saltLength);
      const tag = await derive(password, salt, parameters);
      const { memory, passes, parallelism } = parameters;
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
    },
    async matches(password, stored) {
      const known = stored === null ? null : parse(stored);
      const { salt, tag, ...cost } = known ?? nobody;
      const derived = await derive(password, salt, cost);
      return timingSafeEqual(derived, tag) && known !== null;
    },
  };
}
