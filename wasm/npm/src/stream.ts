/** A stream to its end; `undefined` if that is more than `limit` bytes. */
export async function readAll(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array | undefined> {
  let body = new Uint8Array();
  let length = 0;
  const reader = stream?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader!.read()) {
    const chunk = read.value;
    const from = length;
    length += chunk.byteLength;
    if (length > limit) {
      reader!.cancel().catch(() => {});
      return undefined;
    }
    if (from === 0) {
      // Most bodies come in one piece, which is not copied.
      body = chunk as Uint8Array<ArrayBuffer>;
      continue;
    }
    // A peer may send single bytes: what is kept for each must not be more.
    if (length > body.byteLength) {
      const larger = new Uint8Array(Math.min(2 * length, limit));
      larger.set(body.subarray(0, from));
      body = larger;
    }
    body.set(chunk, from);
  }
  return body.subarray(0, length);
}
