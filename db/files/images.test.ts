import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traversalCorpus } from "../testing/traversal-corpus.ts";
import { cleanImage, formatOf } from "./clean-image.ts";
import { openImages } from "./images.ts";

const text = (content: string) => new TextEncoder().encode(content);
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const script = `<script>alert(document.cookie)</script>`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`;

/** A PNG that only says how large it is: the decoder would have to make room for it. */
function hugePng(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = joined(text(type), data);
    const frame = new DataView(new ArrayBuffer(8));
    frame.setUint32(0, data.length);
    frame.setUint32(4, crc32(body));
    const bytes = new Uint8Array(frame.buffer);
    return joined(bytes.slice(0, 4), body, bytes.slice(4));
  };
  const head = new DataView(new ArrayBuffer(13));
  head.setUint32(0, width);
  head.setUint32(4, height);
  head.setUint8(8, 8);
  head.setUint8(9, 2);
  return joined(
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", new Uint8Array(head.buffer)),
    chunk("IDAT", new Uint8Array(deflateSync(new Uint8Array(1000)))),
    chunk("IEND", new Uint8Array()),
  );
}

type Case = { readonly name: string; readonly bytes: Uint8Array; readonly refused: readonly string[] | null };
let corpus: readonly Case[] = [];
const canary = "CANARY-51.5007N-0.1246W";

/** 120 files: honest ones with everything a camera adds, and ones that are not what they say. */
async function makeCorpus(): Promise<readonly Case[]> {
  const cases: Case[] = [];
  const sizes = [1, 2, 16, 63, 300, 1000];
  for (const format of ["png", "jpeg", "webp"] as const) {
    for (const size of sizes) {
      const plain = sharp({ create: { width: size, height: size + 1, channels: 3, background: "#0b6b55" } });
      const exif = {
        IFD0: { Copyright: canary, Artist: canary, Software: canary },
        IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 2/1", GPSMapDatum: canary },
      };
      const bytes = new Uint8Array(await plain.toFormat(format).withExif(exif).toBuffer());
      cases.push({ name: `${format} ${size} with place and names`, bytes, refused: null });
      cases.push({
        name: `${format} ${size} with a page behind it`,
        bytes: joined(bytes, text(`${canary}${script}`)),
        refused: null,
      });
      cases.push({
        name: `${format} ${size} with an archive behind it`,
        bytes: joined(bytes, new Uint8Array([0x50, 0x4b, 3, 4]), text(canary)),
        refused: null,
      });
    }
    const whole = new Uint8Array(
      await sharp({ create: { width: 500, height: 500, channels: 3, background: "#9a4406" } })
        .toFormat(format)
        .toBuffer(),
    );
    for (const share of [0.02, 0.1, 0.5]) {
      cases.push({
        name: `${format} cut off at ${share}`,
        bytes: whole.slice(0, Math.max(12, Math.floor(whole.length * share))),
        refused: ["image-broken", "image-kind"],
      });
    }
    cases.push({
      name: `${format} signature before a page`,
      bytes: joined(whole.slice(0, 12), text(`<html>${script}</html>`)),
      refused: ["image-broken", "image-kind"],
    });
    cases.push({
      name: `page before a ${format}`,
      bytes: joined(text(`<!doctype html>${script}`), whole),
      refused: ["image-kind"],
    });
  }
  const foreign: readonly (readonly [string, Uint8Array])[] = [
    ["svg", text(svg)],
    ["svg with a declaration", text(`<?xml version="1.0"?>${svg}`)],
    ["svg with a mark before it", text(`\ufeff${svg}`)],
    ["svg with space before it", text(`\n\n  ${svg}`)],
    ["svg with an entity", text(`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg}`)],
    ["html", text(`<html>${script}</html>`)],
    ["javascript", text("alert(1)//")],
    ["pdf", text("%PDF-1.7\n1 0 obj")],
    ["postscript", text("%!PS-Adobe-3.0 EPSF-3.0")],
    ["zip", new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0])],
    [
      "gif",
      new Uint8Array(
        await sharp({ create: { width: 4, height: 4, channels: 3, background: "red" } })
          .gif()
          .toBuffer(),
      ),
    ],
    ["gif that is a script", text("GIF89a/*\u0000*/=1;alert(1)")],
    [
      "tiff",
      new Uint8Array(
        await sharp({ create: { width: 4, height: 4, channels: 3, background: "red" } })
          .tiff()
          .toBuffer(),
      ),
    ],
    [
      "avif",
      new Uint8Array(
        await sharp({ create: { width: 16, height: 16, channels: 3, background: "red" } })
          .avif()
          .toBuffer(),
      ),
    ],
    ["bmp", joined(text("BM"), new Uint8Array(60))],
    ["ico", new Uint8Array([0, 0, 1, 0, 1, 0, 16, 16])],
    ["riff that is sound", joined(text("RIFF"), new Uint8Array(4), text("WAVEfmt "))],
    ["nothing but zeros", new Uint8Array(2000)],
    ["one byte", new Uint8Array([0x89])],
    ["no bytes", new Uint8Array()],
    ["mvg", text("push graphic-context\nimage over 0,0 0,0 'https://evil.example/x'")],
    ["xml", text('<?xml version="1.0"?><xsl:stylesheet/>')],
    ["mhtml", text("MIME-Version: 1.0\nContent-Type: multipart/related")],
    ["swf", text("FWS\u0005")],
  ];
  for (const [name, bytes] of foreign) cases.push({ name, bytes, refused: ["image-kind"] });
  for (const [width, height] of [
    [50_000, 50_000],
    [65_535, 65_535],
    [1_000_000, 1_000],
    [7_000, 7_000],
    [2 ** 30, 2 ** 30],
    [100_000, 401],
  ] as const) {
    cases.push({
      name: `png that claims ${width} × ${height}`,
      bytes: hugePng(width, height),
      refused: ["image-too-many-pixels", "image-broken"],
    });
  }
  const large = new Uint8Array(11 * 1024 * 1024);
  cases.push({ name: "11 MB", bytes: large, refused: ["file-too-large"] });
  // Seeded noise behind each signature: decoders meet what nobody thought of.
  let random = 20150224;
  for (let index = 0; cases.length < 120; index += 1) {
    const noise = Uint8Array.from({ length: 400 }, () => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      return random >>> 24;
    });
    const signatures = [
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [0xff, 0xd8, 0xff, 0xe0],
      [0x52, 0x49, 0x46, 0x46, 0x90, 1, 0, 0, 0x57, 0x45, 0x42, 0x50],
    ] as const;
    cases.push({
      name: `noise ${index}`,
      bytes: joined(new Uint8Array(signatures[index % 3] ?? []), noise),
      refused: ["image-broken", "image-kind", "image-too-many-pixels"],
    });
  }
  return cases;
}

const folder = mkdtempSync(join(tmpdir(), "two-way-images-"));
const images = openImages({ folder });

beforeAll(async () => {
  corpus = await makeCorpus();
});
afterAll(async () => {
  await images.close();
  rmSync(folder, { recursive: true });
});

describe("pictures", () => {
  it("[S7] 120 files: what is kept is a picture and nothing else, what is refused gets a sentence", async () => {
    expect(corpus).toHaveLength(120);
    let kept = 0;
    for (const { name, bytes, refused } of corpus) {
      const result = await images.clean(bytes);
      if (!result.ok) {
        expect([name, refused]).toEqual([name, expect.arrayContaining([result.refusal.code])]);
        continue;
      }
      kept += 1;
      expect([name, refused]).toEqual([name, null]);
      const { bytes: clean, mediaType } = result.value;
      expect([name, `image/${formatOf(clean)}`]).toEqual([name, mediaType]);
      const { exif, xmp, iptc, icc, orientation, comments } = await sharp(clean).metadata();
      expect([name, exif, xmp, iptc, icc, orientation, comments]).toEqual([
        name,
        ...Array(6).fill(undefined),
      ]);
      const content = Buffer.from(clean).toString("latin1");
      expect([name, /CANARY|<script/.test(content) || content.includes("PK\u0003\u0004")]).toEqual([
        name,
        false,
      ]);
    }
    expect(kept).toBe(54);
    console.log(
      `[S7] 120 files, seed 20150224: ${kept} kept without metadata, ${120 - kept} refused, 0 active`,
    );
  });

  it("[S7] turns a photograph upright before its orientation is thrown away", async () => {
    const lying = await sharp({ create: { width: 40, height: 20, channels: 3, background: "red" } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const result = await cleanImage(new Uint8Array(lying));
    expect(result.ok && [result.value.width, result.value.height]).toEqual([20, 40]);
  });

  it("makes a picture no larger than a page needs", async () => {
    const wide = await sharp({ create: { width: 5000, height: 100, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    const result = await cleanImage(new Uint8Array(wide));
    expect(result.ok && [result.value.width, result.value.height]).toEqual([2400, 48]);
  });

  it("keeps a picture under its id, and leaves nothing unfinished behind", async () => {
    const id = "0b5f8c7e-58a1-4b60-8a5e-6f1f5f1f0001";
    await images.store(id, text("picture"));
    expect(Buffer.from((await images.load(id)) ?? []).toString()).toBe("picture");
    expect(await images.load("0b5f8c7e-58a1-4b60-8a5e-6f1f5f1f0002")).toBeNull();
    expect(readdirSync(join(folder, "0b"))).toEqual([id]);
  });

  it("[S8] are read and written under a UUID alone: no text of the traversal corpus becomes a path", async () => {
    const outer = mkdtempSync(join(tmpdir(), "two-way-images-"));
    const canary = join(outer, "canary.txt");
    writeFileSync(canary, "Brackenwhistle");
    const inner = openImages({ folder: join(outer, "files") });
    const corpus = traversalCorpus({ canary, database: join(outer, "two-way.db") });
    const id = "0b5f8c7e-58a1-4b60-8a5e-6f1f5f1f0001";
    // Alone, and behind or before something that looks right.
    const names = corpus.flatMap((name) => [name, `${id}${name}`, `${name}${id}`, `${id}/${name}`]);
    for (const name of names) {
      await expect(inner.load(name), name.slice(0, 200)).rejects.toThrow("UUID");
      await expect(inner.store(name, text("x")), name.slice(0, 200)).rejects.toThrow("UUID");
    }
    expect(readdirSync(outer)).toEqual(["canary.txt"]);
    expect(readFileSync(canary, "utf8")).toBe("Brackenwhistle");
    rmSync(outer, { recursive: true });
    console.log(`[S8] ${names.length} names of pictures, no seed: 0 read, 0 written`);
  });
});
