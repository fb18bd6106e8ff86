import { quoteIdentifier } from '../database.ts'
import type { Row } from '../replication/transaction.ts'
import { coerce, literal } from './coercion.ts'
import { constrain, type Decimal } from './decimal.ts'
import type { Expression, TypedExpression } from './expression.ts'
import { implementationOf } from './implementations.ts'
import type { Scope } from './scope.ts'
import { arrayOf, builtinType, type SqlType } from './sql-type.ts'
import { type NodeOf, names } from './syntax-tree.ts'
import type { Value } from './value.ts'
import { WhereError } from './where-error.ts'

/** `x::type`, `CAST (x AS type)` and `type 'x'`. */
export function compileCast(scope: Scope, { arg, typeName }: NodeOf<'TypeCast'>): Expression {
  const { type, modifiers } = castType(scope, typeName)
  const inner = scope.compile(arg)
  if (inner.kind === 'untyped') {
    const sql = modifiers.length > 0 ? `${type.sql}(${modifiers.join(', ')})` : type.sql
    return literal(scope, inner.text, type, sql)
  }
  const { column: _, literalText: __, ...cast } = coerce(scope, inner, type, 'explicit')
  const plain = type.id === inner.type.id && modifiers.length === 0 ? inner : cast
  return modifiers.length === 0 ? plain : constrained(plain, modifiers)
}

/** Cuts, pads or rounds as the length or the precision in the cast says. */
function constrained(expression: TypedExpression, modifiers: number[]): TypedExpression {
  const { evaluate, type } = expression
  const [first = 0, second = 0] = modifiers
  const adjust = adjustment(type.id, first, second)
  return {
    ...expression,
    evaluate: (row: Row) => {
      const value = evaluate(row)
      return value === null ? null : adjust(value)
    },
  }
}

function adjustment(type: string, first: number, second: number): (value: NonNullable<Value>) => Value {
  switch (type) {
    case 'varchar':
    case 'bpchar': {
      const call = { types: [], collation: () => fail(type), literalText: () => undefined }
      const cut = implementationOf(type)?.(call) as ((text: string, length: bigint) => Value) | undefined
      return (value) => cut?.(value as string, BigInt(first)) ?? null
    }
    case 'numeric':
      return (value) => constrain(value as Decimal, first, second)
    default:
      return fail(type)
  }
}

function fail(type: string): never {
  throw new WhereError(`a cast to ${type} with a length or precision is not supported`)
}

function castType(scope: Scope, typeName: NodeOf<'TypeCast'>['typeName']): { type: SqlType; modifiers: number[] } {
  const parts = names(typeName?.names)
  const bare = parts[0] === 'pg_catalog' ? parts.slice(1) : parts
  const element = namedType(scope, bare)
  const modifiers = (typeName?.typmods ?? []).map((node) => {
    if ('A_Const' in node && node.A_Const.ival) return node.A_Const.ival.ival ?? 0
    return fail(bare.join('.'))
  })
  if (typeName?.setof || typeName?.pct_type) throw new WhereError(`unsupported cast to ${bare.join('.')}`)
  if (!typeName?.arrayBounds?.length) return { type: element, modifiers }
  if (modifiers.length > 0 || (element.kind !== 'scalar' && element.kind !== 'enum')) return fail(`${bare.join('.')}[]`)
  return { type: arrayOf(element), modifiers }
}

function namedType(scope: Scope, parts: string[]): SqlType {
  const [name = ''] = parts
  const type = parts.length === 1 ? builtinType(name) : undefined
  if (type && type.kind !== 'opaque') return type
  const quoted = parts.map(quoteIdentifier).join('.')
  const own = [...scope.ownTypes.values()].find(({ kind, sql }) => kind === 'enum' && isSameName(sql, parts, quoted))
  if (own) return own
  throw new WhereError(`unsupported cast to ${parts.join('.')}`)
}

const isSameName = (sql: string, parts: string[], quoted: string) => sql === parts.join('.') || sql === quoted
