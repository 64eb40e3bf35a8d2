/**
 * Makes a checkout ready to run: installs the dependencies when they are missing or
 * differ from the lock file, and builds when the sources have changed since the last
 * build. The second time both are skipped. Plain old JavaScript, because it is the one
 * file that runs under whatever Node the machine has; it brings the pinned one with it.
 *
 * Modes: none (install, build), `--dev` (install only), `--test` (as
 * none, and a count in the last line where it fails).
 */
"use strict";

const childProcess = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

/** What the build is made of. Tests are left out: a changed test needs no new build. */
const sources = ["app", "db", "public", "remix.config.js", "vite.config.ts", "package-lock.json"];

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    // Missing or cut short by an interrupted install: both mean "install again".
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Path of the pinned Node inside `node_modules`. */
function pinnedNode(root) {
  return path.join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

/**
 * Does `node_modules` hold what the lock file asks for? npm writes its own list there
 * as the last step of an install, so a broken-off install is noticed.
 */
function isInstalled(root) {
  if (!fs.existsSync(pinnedNode(root))) return false;
  const wanted = readJson(path.join(root, "package-lock.json"));
  const present = readJson(path.join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !present) return false;
  return Object.keys(wanted.packages).every((name) => {
    const want = wanted.packages[name];
    const has = present.packages[name];
    // Packages for other platforms are optional and rightly absent.
    if (name === "" || (!has && want.optional)) return true;
    return Boolean(has) && has.version === want.version;
  });
}

function filesBelow(root, name) {
  const full = path.join(root, name);
  if (!fs.existsSync(full)) return [];
  if (!fs.statSync(full).isDirectory()) return [name];
  return fs
    .readdirSync(full)
    .sort()
    .reduce((found, entry) => found.concat(filesBelow(root, path.join(name, entry))), []);
}

/** SHA-256 over the names and contents of everything the build is made of, in hex. */
function sourceHash(root) {
  const hash = crypto.createHash("sha256");
  sources
    .reduce((found, name) => found.concat(filesBelow(root, name)), [])
    .filter((name) => !/\.test\.tsx?$/.test(name))
    .forEach((name) => {
      hash.update(`${name}\0`);
      hash.update(fs.readFileSync(path.join(root, name)));
      hash.update("\0");
    });
  return hash.digest("hex");
}

function stampFile(root) {
  return path.join(root, "build", "made-from");
}

function isBuilt(root) {
  const stamp = stampFile(root);
  return fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8").trim() === sourceHash(root);
}

/** Runs a program in the project with its output shown; gives back the exit code. */
function runHere(root, command, args) {
  const separator = process.platform === "win32" ? ";" : ":";
  const env = Object.assign({}, process.env, {
    PATH: path.join(root, "node_modules", ".bin") + separator + process.env.PATH,
  });
  const result = childProcess.spawnSync(command, args, {
    cwd: root,
    env: env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (result.error) process.stderr.write(`${result.error.message}\n`);
  return result.status === null ? 1 : result.status;
}

/**
 * Installs and builds what is not there yet. `run` and `say` are handed in so that a
 * test can count what a second start does. Answers true when everything is ready.
 */
function prepare(options) {
  const root = options.root;
  const run = options.run;
  const say = options.say;

  if (!isInstalled(root)) {
    say("Installing what Two-Way needs (once; about a minute) …");
    // --include=dev: the build needs it even where NODE_ENV says production.
    const arguments_ = [
      "ci",
      "--include=dev",
      "--ignore-scripts=false",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ];
    // Started by npm: the same npm. Started by hand or by another tool: the one on the path.
    const npm = /npm-cli\.js$/.test(process.env.npm_execpath || "") ? process.env.npm_execpath : null;
    const failed = npm ? run(process.execPath, [npm].concat(arguments_)) : run("npm", arguments_);
    if (failed || !fs.existsSync(pinnedNode(root))) {
      say(
        "The installation failed. Is this machine online? The reason stands above; run the same command again.",
      );
      return false;
    }
  }
  if (options.mode === "dev" || isBuilt(root)) return true;

  say("Building the pages (after each change of the sources; about ten seconds) …");
  fs.rmSync(stampFile(root), { force: true });
  const hash = sourceHash(root);
  const remix = path.join(root, "node_modules", "@remix-run", "dev", "dist", "cli.js");
  if (run(pinnedNode(root), [remix, "vite:build", "--logLevel", "warn"])) {
    say("The build failed. The reason stands above.");
    return false;
  }
  fs.mkdirSync(path.dirname(stampFile(root)), { recursive: true });
  fs.writeFileSync(stampFile(root), `${hash}\n`);
  return true;
}

module.exports = {
  isInstalled: isInstalled,
  pinnedNode: pinnedNode,
  prepare: prepare,
  sourceHash: sourceHash,
};

if (require.main === module) {
  const root = path.resolve(__dirname, "..");
  if (Number(process.versions.node.split(".")[0]) < 18) {
    process.stderr.write(`Two-Way needs Node 18 or newer to install itself; this is ${process.version}.\n`);
    process.exit(1);
  }
  const isReady = prepare({
    root: root,
    mode: process.argv.indexOf("--dev") >= 0 ? "dev" : "build",
    run: (command, args) => runHere(root, command, args),
    say: (text) => process.stdout.write(`${text}\n`),
  });
  // Whoever counts tests reads the last line, also when it never came to a test.
  if (!isReady && process.argv.indexOf("--test") >= 0) process.stdout.write("\n0 passed, 1 failed\n");
  process.exit(isReady ? 0 : 1);
}
