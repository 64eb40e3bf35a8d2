/**
 * Which passwords are taken. Length is what helps; there are no rules about signs and
 * capitals, because they make people write passwords down (NCSC, NIST 800-63B). Those
 * that every attacker tries first are refused, also when stretched to the length.
 */
import { ok, type Result, refuse } from "./result.ts";

/** Characters. Three plain words are about this long. */
export const passwordLengthMin = 12;
/** Characters. More would be hashing work for nothing. */
export const passwordLengthMax = 256;

/** Starts and wholes of the lists that leak most; compared without case, digits and signs. */
const common: ReadonlySet<string> = new Set(
  `password passwort passw pword pass letmein letmeinnow welcome welcometo admin administrator
  qwerty qwertyuiop qwertyuiopasdf asdfghjkl zxcvbnm iloveyou iloveyousomuch princess sunshine
  football baseball liverpool chelsea arsenal manchester superman batman starwars pokemon dragon
  monkey shadow master michael jennifer charlie jordan hunter changeme changemenow secret
  secretpassword mypassword thepassword newpassword defaultpassword temppassword correcthorse
  correcthorsebatterystaple trustno whatever computer internet college university school student
  teacher curriculum twoway twowaystreet twowaytwoway login loginlogin guest guestguest testtest
  test demo summer winter spring autumn monday january december london england`.split(/\s+/),
);

const rows = ["abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789"];

/** "passwordpassword" is "password"; "aaaaaaaaaaaa" is "a". */
function withoutRepeats(text: string): string {
  return /^(.+?)\1+$/.exec(text)?.[1] ?? text;
}

function isRun(text: string): boolean {
  const backwards = [...text].reverse().join("");
  return rows.some((row) => row.includes(text) || row.includes(backwards));
}

/** `about`: e-mail address, name and the like; a password made of them is guessed first. */
function isCommon(password: string, about: readonly string[]): boolean {
  const plain = password.toLowerCase();
  const unit = withoutRepeats(plain);
  if (unit.length <= 4 || isRun(unit)) return true;
  // "P@ssw0rd2024" is "password": what is hung on its ends goes first, then signs that stand for letters.
  const swapped = plain
    .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "")
    .replace(/0/g, "o")
    .replace(/1/g, "i")
    .replace(/3/g, "e")
    .replace(/[4@]/g, "a")
    .replace(/[5$]/g, "s");
  const cores = [plain, swapped].map((text) => withoutRepeats(text.replace(/[^\p{L}]/gu, "")));
  const own = about.map((text) => text.toLowerCase()).filter((text) => text.length >= 4);
  return (
    cores.some((core) => core.length <= 2 || common.has(core) || isRun(core)) ||
    own.some((text) => plain.replaceAll(text, "").length < 4)
  );
}

/**
 * May this become somebody's password? Refuses `password-too-short`, `password-too-long`
 * and `password-too-common`, each for the field `field`.
 */
export function checkPassword(password: string, about: readonly string[], field = "password"): Result<null> {
  const length = [...password].length;
  if (length < passwordLengthMin) return refuse("password-too-short", { min: passwordLengthMin }, field);
  if (length > passwordLengthMax) return refuse("password-too-long", { max: passwordLengthMax }, field);
  if (isCommon(password, about)) return refuse("password-too-common", {}, field);
  return ok(null);
}
