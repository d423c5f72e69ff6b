// How a payload lies in its row: a webhook's JSON is ten kilobytes, of which gzip leaves two.
import { constants, gunzipSync, gzipSync } from 'node:zlib'

/** Shorter ones gain nothing. */
const WORTH_BYTES = 512
/** The fastest; what more of it saves is not worth the time before the answer. */
const OPTIONS = { level: constants.Z_BEST_SPEED, memLevel: 5, chunkSize: 4_096 }
/** No JSON begins like this. */
const MAGIC = Buffer.from([0x1f, 0x8b])

export function pack(json: Buffer): Buffer {
  return json.length < WORTH_BYTES ? json : gzipSync(json, OPTIONS)
}

/** The JSON as it was, also of a row that was written without packing. Throws where the bytes are damaged. */
export function unpack(bytes: Uint8Array): Buffer {
  const stored = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return stored.subarray(0, 2).equals(MAGIC) ? gunzipSync(stored) : stored
}
