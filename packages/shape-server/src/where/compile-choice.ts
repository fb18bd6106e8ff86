import type { Row } from '../replication/transaction.ts'
import { call, prepareOperator } from './call-routine.ts'
import { coerce, commonCollation, isCollatable, toCommonType, typeName } from './coercion.ts'
import { compileTruth } from './compile-logic.ts'
import { effectiveCollation, NO_COLLATION } from './derived-collation.ts'
import type { Expression, TypedExpression } from './expression.ts'
import { itemOrder } from './functions/item-order.ts'
import type { Scope } from './scope.ts'
import { TEXT } from './sql-type.ts'
import type { NodeOf } from './syntax-tree.ts'
import type { Scalar, Value } from './value.ts'
import { WhereError } from './where-error.ts'

function matched(scope: Scope, what: string, parts: readonly Expression[]): TypedExpression[] {
  const typed = toCommonType(scope, parts)
  if (typed) return typed
  throw new WhereError(`${what} types ${parts.map(typeName).join(' and ')} cannot be matched`)
}

function choice(parts: readonly TypedExpression[], evaluate: (row: Row) => Value): TypedExpression {
  const type = parts[0]?.type ?? TEXT
  const isConstant = parts.every((part) => part.isConstant)
  return {
    kind: 'typed',
    type,
    collation: isCollatable(type) ? commonCollation(parts) : NO_COLLATION,
    evaluate,
    isConstant,
  }
}

/** The first that is not NULL; those behind it are not computed. */
export function compileCoalesce(scope: Scope, { args }: NodeOf<'CoalesceExpr'>): TypedExpression {
  const parts = matched(
    scope,
    'COALESCE',
    (args ?? []).map((arg) => scope.compile(arg)),
  )
  return choice(parts, (row) => {
    for (const part of parts) {
      const value = part.evaluate(row)
      if (value !== null) return value
    }
    return null
  })
}

/** GREATEST and LEAST pass over NULL. */
export function compileMinMax(scope: Scope, { op, args }: NodeOf<'MinMaxExpr'>): TypedExpression {
  const parts = matched(
    scope,
    'GREATEST',
    (args ?? []).map((arg) => scope.compile(arg)),
  )
  const whole = choice(parts, () => null)
  const { type } = whole
  if (type.kind !== 'scalar' && type.kind !== 'enum') throw new WhereError(`GREATEST of ${type.id} is not supported`)
  const collation = () => effectiveCollation(whole.collation, scope.databaseCollation)
  const compare = itemOrder(type, { types: [type], collation, literalText: () => undefined }, 'order')
  const direction = op === 'IS_GREATEST' ? 1 : -1
  const better = (a: Value, b: Value) =>
    b === null || (a !== null && compare(a as Scalar, b as Scalar) * direction >= 0) ? a : b
  return { ...whole, evaluate: (row) => parts.map((part) => part.evaluate(row)).reduce(better) }
}

/** NULL when both are equal, else the first. */
export function compileNullif(scope: Scope, { lexpr, rexpr }: NodeOf<'A_Expr'>): TypedExpression {
  const args = [scope.compile(lexpr), scope.compile(rexpr)]
  const prepared = prepareOperator(scope, '=', args)
  const [left = args[0]] = args
  const first = coerce(scope, left as Expression, prepared.argTypes[0] ?? TEXT)
  const isEqual = call(scope, prepared, args)
  return {
    kind: 'typed',
    type: first.type,
    collation: first.collation,
    isConstant: isEqual.isConstant,
    evaluate: (row) => (isEqual.evaluate(row) === true ? null : first.evaluate(row)),
  }
}

/** Both forms of CASE; only the branch that is taken is computed. */
export function compileCase(scope: Scope, { arg, args, defresult }: NodeOf<'CaseExpr'>): TypedExpression {
  const subject = arg && scope.compile(arg)
  // Beside its tests a literal is a text.
  const tested = subject?.kind === 'untyped' ? coerce(scope, subject, TEXT) : subject
  const branches = (args ?? []).flatMap((when) => ('CaseWhen' in when ? [when.CaseWhen] : []))
  const tests = branches.map(({ expr }) => {
    if (!tested) return compileTruth(scope, expr)
    const operands = [tested, scope.compile(expr)]
    const { evaluate } = call(scope, prepareOperator(scope, '=', operands), operands)
    return (row: Row) => evaluate(row) as boolean | null
  })
  const otherwise: Expression = defresult ? scope.compile(defresult) : { kind: 'untyped', text: null }
  const results = branches.map(({ result }) => scope.compile(result))
  const [last, ...values] = matched(scope, 'CASE', [otherwise, ...results]) as [TypedExpression, ...TypedExpression[]]
  const evaluate = (row: Row) => {
    const taken = tests.findIndex((test) => test(row) === true)
    return (taken < 0 ? last : (values[taken] ?? last)).evaluate(row)
  }
  return { ...choice([last, ...values], evaluate), isConstant: false }
}
