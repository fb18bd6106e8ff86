import { expect, test } from 'vitest'
import { decodePgoutput, PgoutputDecodeError, UNCHANGED } from './pgoutput.ts'

const u8 = (value: number) => Buffer.from([value])
const u16 = (value: number) => Buffer.from([value >> 8, value & 255])
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}
const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return bytes
}
const name = (text: string) => Buffer.from(`${text}\0`)
const value = (text: string) => Buffer.concat([Buffer.from('t'), u32(Buffer.byteLength(text)), Buffer.from(text)])
const message = (type: string, ...parts: (Buffer | string)[]) =>
  Buffer.concat([Buffer.from(type), ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))])

test('a begin carries the position of the commit record and the whole 32 bits of the transaction id', () => {
  expect(decodePgoutput(message('B', u64(0x1_0000_0028n), u64(0n), u32(4_000_000_000)))).toEqual({
    kind: 'begin',
    commitLsn: 0x1_0000_0028n,
    xid: 4_000_000_000,
  })
})

test('a commit carries the end of its record, which is what may be acknowledged', () => {
  expect(decodePgoutput(message('C', u8(0), u64(40n), u64(96n), u64(0n)))).toEqual({
    kind: 'commit',
    commitLsn: 40n,
    endLsn: 96n,
  })
})

test('a relation carries its columns in order', () => {
  const column = (text: string, oid: number) => Buffer.concat([u8(1), name(text), u32(oid), u32(-1)])
  expect(
    decodePgoutput(
      message('R', u32(7), name('pub"lic'), name('My Table'), 'f', u16(2), column('id', 23), column('ü', 25)),
    ),
  ).toEqual({
    kind: 'relation',
    relation: {
      oid: 7,
      schema: 'pub"lic',
      name: 'My Table',
      columns: [
        { name: 'id', typeOid: 23, typeModifier: -1 },
        { name: 'ü', typeOid: 25, typeModifier: -1 },
      ],
    },
  })
})

test('text, NULL, empty text and an untouched large value are four different things', () => {
  const row = Buffer.concat([u16(4), value('日本'), Buffer.from('n'), value(''), Buffer.from('u')])
  expect(decodePgoutput(message('I', u32(7), 'N', row))).toEqual({
    kind: 'insert',
    relationOid: 7,
    row: ['日本', null, '', UNCHANGED],
  })
})

test('an update says whether its old row is whole, only the key, or missing', () => {
  const row = Buffer.concat([u16(1), value('a')])
  expect(decodePgoutput(message('U', u32(7), 'O', row, 'N', row))).toMatchObject({ old: { isWhole: true } })
  expect(decodePgoutput(message('U', u32(7), 'K', row, 'N', row))).toMatchObject({ old: { isWhole: false } })
  expect(decodePgoutput(message('U', u32(7), 'N', row))).toMatchObject({ old: undefined, row: ['a'] })
})

test('a truncate names all of its tables', () => {
  expect(decodePgoutput(message('T', u32(2), u8(1), u32(7), u32(8)))).toEqual({
    kind: 'truncate',
    relationOids: [7, 8],
  })
})

test('a message that is cut short or unknown is refused, never guessed', () => {
  const whole = message('I', u32(7), 'N', u16(1), value('abcdef'))
  expect(() => decodePgoutput(whole.subarray(0, whole.length - 1))).toThrow(RangeError)
  expect(() => decodePgoutput(whole.subarray(0, 6))).toThrow(RangeError)
  expect(() => decodePgoutput(message('Z'))).toThrow(PgoutputDecodeError)
  expect(() => decodePgoutput(message('I', u32(7), 'X', u16(0)))).toThrow(PgoutputDecodeError)
})
