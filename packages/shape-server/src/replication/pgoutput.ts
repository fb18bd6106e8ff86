import type { Lsn } from './lsn.ts'
import { PgoutputReader } from './pgoutput-reader.ts'

/**
 * The messages of `pgoutput`, protocol version 1, with values as Postgres wrote them.
 *
 * The decoder that comes with `pg-logical-replication` turns values into JavaScript dates and numbers, takes a NULL for
 * a column that is not part of the key, and refuses relations it has not seen. Shapes need the text as it stands.
 */
export type PgoutputMessage =
  | { kind: 'begin'; commitLsn: Lsn; xid: number }
  | { kind: 'commit'; commitLsn: Lsn; endLsn: Lsn }
  | { kind: 'relation'; relation: Relation }
  | { kind: 'insert'; relationOid: number; row: Tuple }
  | { kind: 'update'; relationOid: number; old: OldTuple | undefined; row: Tuple }
  | { kind: 'delete'; relationOid: number; old: OldTuple }
  | { kind: 'truncate'; relationOids: number[] }
  | { kind: 'ignored' }

/** A table as it was when the changes that follow were made; sent again after each change of its definition. */
export interface Relation {
  oid: number
  schema: string
  name: string
  columns: { name: string; typeOid: number; typeModifier: number }[]
}

/** Stands for a large value that an update did not touch and that Postgres therefore did not send. */
export const UNCHANGED = Symbol('unchanged')
export type Tuple = (string | null | typeof UNCHANGED)[]

/** With `REPLICA IDENTITY FULL` the old row is whole, otherwise only its key columns are filled. */
export interface OldTuple {
  isWhole: boolean
  values: Tuple
}

export class PgoutputDecodeError extends Error {
  override name = 'PgoutputDecodeError'
}

export function decodePgoutput(bytes: Buffer): PgoutputMessage {
  const reader = new PgoutputReader(bytes)
  const type = reader.char()
  switch (type) {
    case 'B': {
      const commitLsn = reader.uint64()
      reader.skip(8) // commit time
      return { kind: 'begin', commitLsn, xid: reader.uint32() }
    }
    case 'C':
      reader.skip(1) // flags, unused
      return { kind: 'commit', commitLsn: reader.uint64(), endLsn: reader.uint64() }
    case 'R':
      return { kind: 'relation', relation: readRelation(reader) }
    case 'I': {
      const relationOid = reader.uint32()
      expectMark(reader, 'N')
      return { kind: 'insert', relationOid, row: readTuple(reader) }
    }
    case 'U':
      return readUpdate(reader)
    case 'D': {
      const relationOid = reader.uint32()
      return { kind: 'delete', relationOid, old: readOldTuple(reader, reader.char()) }
    }
    case 'T': {
      const count = reader.uint32()
      reader.skip(1) // cascade and restart identity make no difference to a shape
      return { kind: 'truncate', relationOids: Array.from({ length: count }, () => reader.uint32()) }
    }
    case 'Y': // type names come from the catalog
    case 'O': // origin
    case 'M': // pg_logical_emit_message
      return { kind: 'ignored' }
    default:
      throw new PgoutputDecodeError(`unknown pgoutput message ${JSON.stringify(type)}`)
  }
}

function readRelation(reader: PgoutputReader): Relation {
  const oid = reader.uint32()
  const schema = reader.text() || 'pg_catalog'
  const name = reader.text()
  reader.skip(1) // replica identity: whether an old row is whole is said with each row
  const columns = Array.from({ length: reader.uint16() }, () => {
    reader.skip(1) // whether it is part of the replica identity
    return { name: reader.text(), typeOid: reader.uint32(), typeModifier: reader.int32() }
  })
  return { oid, schema, name, columns }
}

function readUpdate(reader: PgoutputReader): PgoutputMessage {
  const relationOid = reader.uint32()
  const mark = reader.char()
  if (mark === 'N') return { kind: 'update', relationOid, old: undefined, row: readTuple(reader) }
  const old = readOldTuple(reader, mark)
  expectMark(reader, 'N')
  return { kind: 'update', relationOid, old, row: readTuple(reader) }
}

function readOldTuple(reader: PgoutputReader, mark: string): OldTuple {
  if (mark !== 'O' && mark !== 'K') throw new PgoutputDecodeError(`expected an old row, got ${JSON.stringify(mark)}`)
  return { isWhole: mark === 'O', values: readTuple(reader) }
}

function readTuple(reader: PgoutputReader): Tuple {
  return Array.from({ length: reader.uint16() }, () => {
    const kind = reader.char()
    switch (kind) {
      case 'n':
        return null
      case 'u':
        return UNCHANGED
      case 't':
        return reader.utf8(reader.uint32())
      default:
        throw new PgoutputDecodeError(`unknown kind of value ${JSON.stringify(kind)}`)
    }
  })
}

function expectMark(reader: PgoutputReader, expected: string): void {
  const mark = reader.char()
  if (mark !== expected) throw new PgoutputDecodeError(`expected ${expected}, got ${JSON.stringify(mark)}`)
}
