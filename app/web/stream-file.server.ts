/**
 * A file as the body of an answer, piece after piece. Remix writes what it reads without
 * asking whether the line takes it, so it is asked here before each piece is made: what
 * waits in memory for a slow reader is one piece. Where the reader has gone, the file is
 * closed and the answer ends without a complaint.
 */
export function streamOf(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
  untilRoom: () => Promise<boolean>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(stream) {
        const next = (await untilRoom()) ? await pieces.next() : await pieces.return();
        if (next.done === true) stream.close();
        else stream.enqueue(next.value);
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}
