import { expect, test } from 'vitest'
import { PgoutputDecodeError, type PgoutputMessage, UNCHANGED } from './pgoutput.ts'
import { TransactionAssembler } from './transaction.ts'

const relation = {
  oid: 7,
  schema: 'public',
  name: 't',
  columns: ['id', 'text'].map((name) => ({ name, typeOid: 25, typeModifier: -1 })),
}

function feed(...messages: PgoutputMessage[]) {
  const assembler = new TransactionAssembler()
  return messages.map((message) => assembler.feed(message)).at(-1)
}

const begin: PgoutputMessage = { kind: 'begin', commitLsn: 40n, xid: 5 }
const commit: PgoutputMessage = { kind: 'commit', commitLsn: 40n, endLsn: 96n }

test('nothing comes out before the commit, then everything in order', () => {
  const assembler = new TransactionAssembler()
  const open: PgoutputMessage[] = [
    begin,
    { kind: 'relation', relation },
    { kind: 'insert', relationOid: 7, row: ['1', 'a'] },
    { kind: 'delete', relationOid: 7, old: { isWhole: true, values: ['1', 'a'] } },
  ]
  for (const message of open) expect(assembler.feed(message)).toBeUndefined()
  expect(assembler.feed(commit)).toMatchObject({
    lsn: 40n,
    endLsn: 96n,
    xid: 5,
    changes: [
      { kind: 'insert', position: 0, row: { id: '1', text: 'a' } },
      { kind: 'delete', position: 2, old: { id: '1', text: 'a' } },
    ],
  })
})

test('an untouched large value is taken from the old row', () => {
  const update: PgoutputMessage = {
    kind: 'update',
    relationOid: 7,
    old: { isWhole: true, values: ['1', 'large'] },
    row: ['2', UNCHANGED],
  }
  const transaction = feed(begin, { kind: 'relation', relation }, update, commit)
  expect(transaction?.changes[0]).toMatchObject({ row: { id: '2', text: 'large' } })
})

test('an old row of which only the key came counts as missing', () => {
  const update: PgoutputMessage = {
    kind: 'update',
    relationOid: 7,
    old: { isWhole: false, values: ['1', null] },
    row: ['2', 'a'],
  }
  expect(feed(begin, { kind: 'relation', relation }, update, commit)?.changes[0]).toMatchObject({ old: undefined })
})

test('changes keep the description of the table that they were made under', () => {
  const later = { ...relation, columns: relation.columns.slice(0, 1) }
  const transaction = feed(
    begin,
    { kind: 'relation', relation },
    { kind: 'insert', relationOid: 7, row: ['1', 'a'] },
    { kind: 'relation', relation: later },
    { kind: 'insert', relationOid: 7, row: ['2'] },
    commit,
  )
  expect(transaction?.changes.map(({ relation: { columns } }) => columns.length)).toEqual([2, 1])
})

test('a change outside of a transaction or of an unknown table is refused', () => {
  expect(() => feed({ kind: 'relation', relation }, { kind: 'insert', relationOid: 7, row: [] })).toThrow(
    PgoutputDecodeError,
  )
  expect(() => feed(begin, { kind: 'insert', relationOid: 9, row: [] })).toThrow(PgoutputDecodeError)
})

test('a large transaction comes in parts whose positions go on counting', () => {
  const assembler = new TransactionAssembler({ changes: 2, size: 1_000 })
  const insert = (text: string): PgoutputMessage => ({ kind: 'insert', relationOid: 7, row: ['1', text] })
  const parts = [begin, { kind: 'relation', relation } as const, ...['a', 'b', 'c'].map(insert), commit].flatMap(
    (message) => assembler.feed(message) ?? [],
  )
  expect(parts).toMatchObject([
    { lsn: 40n, endLsn: 40n, xid: 5, isFirst: true, isComplete: false, changes: [{ position: 0 }, { position: 2 }] },
    { lsn: 40n, endLsn: 96n, xid: 5, isFirst: false, isComplete: true, changes: [{ position: 4 }] },
  ])
})

test('a part is handed over early when its values are large', () => {
  const assembler = new TransactionAssembler({ changes: 1_000, size: 10 })
  assembler.feed(begin)
  assembler.feed({ kind: 'relation', relation })
  const row = ['1', 'x'.repeat(10)]
  expect(assembler.feed({ kind: 'insert', relationOid: 7, row })?.changes).toHaveLength(1)
  // A transaction may end on the edge of a part: its last one is empty.
  expect(assembler.feed(commit)).toMatchObject({ isFirst: false, isComplete: true, changes: [] })
})

test('a description that comes again is the same one, and another is not', () => {
  const assembler = new TransactionAssembler()
  const describedBy = (next: typeof relation) => {
    const row: PgoutputMessage = { kind: 'insert', relationOid: 7, row: ['1', 'a'] }
    const messages: PgoutputMessage[] = [begin, { kind: 'relation', relation: next }, row, commit]
    return messages.map((message) => assembler.feed(message)).at(-1)?.changes[0]?.relation
  }
  const first = describedBy(relation)
  expect(describedBy(structuredClone(relation))).toBe(first)
  const renamed = { ...relation, columns: relation.columns.slice(1) }
  expect(describedBy(renamed)).toBe(renamed)
})
