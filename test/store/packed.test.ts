// Payloads as they lie in their rows.
import { expect, test } from 'vitest'
import { pack, unpack } from '../../src/store/packed.ts'

const long = Buffer.from(JSON.stringify({ body: 'Grüße, the index is gone. '.repeat(400) }))

test('a long payload is packed small and comes back byte by byte', () => {
  const packed = pack(long)
  expect(packed.length).toBeLessThan(long.length / 5)
  expect(unpack(packed)).toEqual(long)
  expect(unpack(new Uint8Array(packed))).toEqual(long)
})

test('a short one, and a row from before anything was packed, are read as they are', () => {
  const short = Buffer.from('{"action":"labeled"}')
  expect(pack(short)).toBe(short)
  expect(unpack(short)).toEqual(short)
  expect(unpack(long)).toEqual(long)
  expect(unpack(Buffer.alloc(0))).toEqual(Buffer.alloc(0))
})

test('a damaged one is no delivery', () => {
  const packed = pack(long)
  packed.writeUInt8(packed.readUInt8(packed.length - 5) ^ 1, packed.length - 5)
  expect(() => unpack(packed)).toThrow('incorrect data check')
})
