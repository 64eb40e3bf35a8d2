/**
 * The first import of the server: stops with a sentence under a Node that would
 * otherwise end without one (better-sqlite3 13 under Node 20 is a segmentation fault).
 */
const needed = 24;
const major = Number(process.versions.node.split(".")[0]);
if (major < needed) {
  process.stderr.write(
    `Two-Way runs on Node ${needed}; this is ${process.version}. Start it with "npm start", which brings the right one.\n`,
  );
  process.exit(1);
}

// React and Express choose their fast forms by this name when they are first loaded.
process.env["NODE_ENV"] ??= process.argv.includes("--dev") ? "development" : "production";
