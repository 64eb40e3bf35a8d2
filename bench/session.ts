/**
 * A writing session as single edits. With `BENCH_TRACE` set to a recorded one (JSON,
 * gzipped or not: `{ "txns": [{ "patches": [[at, removed, inserted], …] }, …] }`, the form
 * of the automerge-paper trace) that is replayed; otherwise one is made up, the same
 * every time: bursts of words, one key in six a correction, now and then elsewhere.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Edit } from "./typist.ts";

interface Trace {
  readonly txns: readonly { readonly patches: readonly Edit[] }[];
}

/** The first `count` edits of a session; fewer where the recorded one is shorter. */
export function writingSession(count: number): readonly Edit[] {
  const path = process.env["BENCH_TRACE"];
  return path === undefined ? madeUp(count) : recorded(path, count);
}

function recorded(path: string, count: number): readonly Edit[] {
  const file = readFileSync(path);
  const { txns } = JSON.parse((path.endsWith(".gz") ? gunzipSync(file) : file).toString()) as Trace;
  return txns.flatMap(({ patches }) => patches).slice(0, count);
}

function madeUp(count: number): readonly Edit[] {
  let state = 20_150_512;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const edits: Edit[] = [];
  let length = 0;
  let at = 0;
  while (edits.length < count) {
    if (random(300) === 0) at = random(length + 1);
    if (random(6) === 0 && at > 0) {
      at -= 1;
      length -= 1;
      edits.push([at, 1, ""]);
    } else {
      edits.push([at, 0, random(6) === 0 ? " " : String.fromCharCode(97 + random(26))]);
      at += 1;
      length += 1;
    }
  }
  return edits;
}
