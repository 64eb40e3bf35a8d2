/**
 * Names of files we hand out. They are made from the title but hold nothing that a
 * file system, a shell, a header or an archive could take for more than a name (S17).
 */

const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A safe name such as `Maintenance plan v4.html`: letters, digits, spaces, `-`, `_`,
 * `,` and `(` `)` of any script, at most 80 characters before the extension.
 */
export function safeFileName(title: string, label: string, extension: "html" | "md"): string {
  const base = `${title} ${label}`
    .replace(/\p{Cs}/gu, "")
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}\p{M} _,()-]+/gu, " ")
    .replace(/ +/g, " ")
    .trim();
  const cut = [...base].slice(0, 80).join("").trim();
  const name = cut === "" || reserved.test(cut) ? "document" : cut;
  return `${name}.${extension}`;
}

/** `Content-Disposition` for a download, RFC 6266: an ASCII name, and the true one in UTF-8. */
export function attachmentHeader(fileName: string): string {
  const ascii = fileName
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^A-Za-z0-9 _,().-]+/g, "_");
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
