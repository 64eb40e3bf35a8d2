/**
 * Unsigned integers below 2^53 in 7-bit groups, least significant first: the encoding
 * Yjs uses, written here over plain bytes so that a broken one is an answer, not a throw.
 */
export const varint = {
  /** Writes `value` at `at`; gives back the position behind it. At most 8 bytes. */
  write(out: Uint8Array, at: number, value: number): number {
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`Not a varuint: ${value}`);
    let rest = value;
    let end = at;
    while (rest > 127) {
      out[end++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    out[end++] = rest;
    return end;
  },
  /** Null where the bytes end too early or the number is 2^53 or more. */
  read(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } | null {
    let value = 0;
    let factor = 1;
    for (let end = at; end < bytes.length && end < at + 8; ) {
      const byte = bytes[end++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value <= Number.MAX_SAFE_INTEGER ? { value, end } : null;
      factor *= 128;
    }
    return null;
  },
  /** How many bytes `write` takes. */
  size(value: number): number {
    let size = 1;
    for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
    return size;
  },
};
