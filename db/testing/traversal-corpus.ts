/**
 * Texts that try to become a path (promise S8): every way of writing "one folder up",
 * absolute and foreign paths, what an operating system answers by name, and endings that
 * are meant to hide the rest. Each aims at a file that really lies where it points, so
 * that a slip would find it.
 */

/** One step up, as it has been spelt to slip past a check. */
const climbs: readonly string[] = [
  ..."../ ..\\ ..// ./../ ....// ....\\/ ..././ ..;/ ../; .../ ..%2f ..%5c %2e%2e/ %2e%2e%2f %2e%2e%5c .%2e/ %2e./".split(
    " ",
  ),
  // Encoded twice and three times.
  ..."..%252f ..%255c %252e%252e/ %252e%252e%252f %25252e%25252e%25252f %%32%65%%32%65/ ..%%35%63".split(" "),
  // UTF-8 longer than it may be, and other encodings of the same signs.
  ..."..%c0%af ..%c1%9c %c0%ae%c0%ae/ %c0%ae%c0%ae%c0%af %e0%80%ae%e0%80%ae%e0%80%af %f0%80%80%ae%f0%80%80%ae/".split(
    " ",
  ),
  ..."..%u2215 %uff0e%uff0e%u2215 ..%ef%bc%8f ..%bg%qf ..0x2f ..&#47; ..&sol; &period;&period;/".split(" "),
  // Look-alikes: full width, leaders, division and fraction slash, set minus.
  "．．／",
  "․․/",
  "‥/",
  "…/",
  "..∕",
  "..⁄",
  "..⧸",
  "..＼",
  "..∖",
  // Signs that some reader drops.
  ".. /",
  "..\t/",
  "..\u0000/",
  "..%00/",
  "..\n/",
  "..%0d%0a/",
  "..\u200b/",
  "\ufeff../",
  "\u202e/..",
  "..\u0301/",
  ".\u00ad./",
];

const beforeAbsolute: readonly string[] = [
  "",
  ..."file:// file: file://localhost // /// /./ /../ \\\\?\\ \\\\.\\ \\\\localhost\\c$ //?/ //localhost/ C: C:\\ c:/ /C:/".split(
    " ",
  ),
  "jar:file:",
  "php://filter/convert.base64-encode/resource=",
  "data:text/plain,",
  "zip:",
  "@",
  "<",
  "|cat ",
  "; cat ",
];

const behind: readonly string[] = [
  "\u0000",
  "\u0000.png",
  "%00",
  "%00.png",
  ".png",
  "?.png",
  "#.png",
  ";.png",
  "%3f.png",
  "%23",
  "/",
  "/.",
  "//",
  "%20",
  ".",
  "::$DATA",
  ":Zone.Identifier",
  "~",
  ".bak",
  "*",
];

/** Answered by name, wherever one asks from. */
const named: readonly string[] = [
  ..."/etc/passwd /etc/shadow /etc/hosts /etc/hostname /etc/ssl/private /root/.ssh/id_rsa ~/.ssh/id_rsa ~root/.bashrc $HOME/.bashrc".split(
    " ",
  ),
  ..."/proc/self/environ /proc/self/cmdline /proc/self/cwd/package.json /proc/self/exe /proc/self/maps /proc/self/mem /proc/1/environ".split(
    " ",
  ),
  ..."/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/3 /proc/self/fd/18 /proc/self/fd/21 /proc/self/fd/25 /dev/fd/3 /dev/stdin /dev/zero /dev/random".split(
    " ",
  ),
  ...".env .git/config .git/HEAD .npmrc package.json package-lock.json server.ts app/root.tsx node_modules/.package-lock.json".split(
    " ",
  ),
  ..."build/server/index.js build/made-from two-way.db two-way.db-wal two-way.db-shm admin.sock outbox files outbox/ files/".split(
    " ",
  ),
  ..."CON NUL AUX PRN COM1 LPT1 CONIN$ con.txt aux.h C:\\boot.ini C:\\Windows\\win.ini \\\\evil.example\\share\\x //evil.example/share/x web.config".split(
    " ",
  ),
  ..."#{7*7} {{7*7}} $(cat</etc/passwd) `cat</etc/passwd` %HOMEPATH% %SYSTEMROOT%\\win.ini /etc/pass* /etc/passw? [..]/ . .. ... / \\ // %2f %5c %2e %2e%2e".split(
    " ",
  ),
];

function long(canary: string): readonly string[] {
  return [
    "a".repeat(255),
    "a".repeat(256),
    "a".repeat(5_000),
    "../".repeat(1_500),
    `${"../".repeat(1_300)}${canary}`,
    "..%2f".repeat(900),
    "%2e%2e%2f".repeat(500),
    "a/".repeat(2_000),
    `${"a/".repeat(200)}${"../".repeat(220)}${canary}`,
    `${"./".repeat(2_040)}${canary}`,
    "．".repeat(400),
    "\u0000".repeat(300),
  ];
}

/**
 * At least 300 distinct texts, in a fixed order. `canary` and `database` are absolute
 * paths of files that nobody may be given.
 */
export function traversalCorpus(files: {
  readonly canary: string;
  readonly database: string;
}): readonly string[] {
  const { canary, database } = files;
  const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  // Twelve steps lead to the root of the disk from every folder of this product.
  const fromRoot = (climb: string, path: string) => {
    const slash = climb.includes("\\") ? "\\" : "/";
    return climb.repeat(12) + path.slice(1).replaceAll("/", slash);
  };
  return [
    ...new Set([
      ...climbs.flatMap((climb) => [
        fromRoot(climb, canary),
        fromRoot(climb, database),
        climb + nameOf(canary),
        climb.repeat(2) + nameOf(database),
      ]),
      ...climbs.slice(0, 16).map((climb) => fromRoot(climb, "/etc/passwd")),
      ...beforeAbsolute.flatMap((before) => [before + canary, before + database]),
      ...behind.map((after) => `${"../".repeat(12)}${canary.slice(1)}${after}`),
      ...named,
      ...long(canary),
    ]),
  ];
}
