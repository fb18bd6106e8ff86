import type { Row } from '../replication/transaction.ts'
import { coerce, commonCollation, isCollatable, typeId, typeName } from './coercion.ts'
import { effectiveCollation, NO_COLLATION } from './derived-collation.ts'
import type { Expression, TypedExpression } from './expression.ts'
import { implementationOf } from './implementations.ts'
import type { Call } from './routine.ts'
import { isAlwaysNull, type Scope, typeById } from './scope.ts'
import type { Routine } from './sql-catalog.ts'
import { arrayOf, type SqlType } from './sql-type.ts'
import type { Value } from './value.ts'
import { WhereError } from './where-error.ts'

/** Computes from the values of the arguments, which may be NULL. */
export type Compute = (...args: Value[]) => Value

export interface PreparedCall {
  /** Gives NULL for NULL. */
  isStrict: boolean
  argTypes: SqlType[]
  resultType: SqlType
  /** The function of Postgres. */
  source: string
  prepare(args: readonly TypedExpression[]): Compute
}

/** Throws a WhereError for what Postgres does not have, and for what is not computed here. */
export function prepareOperator(scope: Scope, name: string, args: readonly Expression[]): PreparedCall {
  const routine = scope.conversion.operator(name, args.map(typeId))
  const described = [...args.map(typeName)]
  described.splice(-1, 0, name)
  if (!routine) throw new WhereError(`operator does not exist: ${described.join(' ')}`)
  return prepareRoutine(scope, routine, args, `operator ${described.join(' ')}`)
}

export function callOperator(scope: Scope, name: string, args: readonly Expression[]): TypedExpression {
  return call(scope, prepareOperator(scope, name, args), args)
}

export function callFunction(scope: Scope, name: string, args: readonly Expression[]): TypedExpression {
  const routine = scope.conversion.function(name, args.map(typeId))
  const described = `function ${name}(${args.map(typeName).join(', ')})`
  if (!routine) throw new WhereError(`unknown or unsupported ${described}`)
  return call(scope, prepareRoutine(scope, routine, args, described), args)
}

function prepareRoutine(scope: Scope, routine: Routine, args: readonly Expression[], described: string): PreparedCall {
  const implementation = implementationOf(routine.source)
  if (!implementation) throw new WhereError(`unsupported ${described}`)
  const argTypes = routine.args.map((target) => concreteType(scope, routine, args, target))
  return {
    argTypes,
    resultType: concreteType(scope, routine, args, routine.result),
    source: routine.source,
    isStrict: routine.isStrict,
    prepare(typed) {
      const context: Call = {
        types: argTypes,
        collation: () => effectiveCollation(commonCollation(typed), scope.databaseCollation),
        literalText: (index) => typed[index]?.literalText,
      }
      const compute = implementation(context) as Compute
      if (!routine.isStrict) return compute
      return (...values) => (values.includes(null) ? null : compute(...values))
    },
  }
}

/** What stands for `anyelement` and its like in this call; any other type is itself. */
function concreteType(scope: Scope, routine: Routine, args: readonly Expression[], target: string): SqlType {
  if (!target.startsWith('any')) return typeById(scope, target)
  const id = scope.conversion.polymorphicElement(routine, args.map(typeId))
  if (typeof id !== 'string') throw new WhereError('could not determine polymorphic type')
  const element = typeById(scope, id)
  if (target !== 'anyarray' && target !== 'anycompatiblearray') return element
  if (element.kind === 'scalar' || element.kind === 'enum') return arrayOf(element)
  throw new WhereError(`arrays of ${id} are not supported`)
}

export function call(scope: Scope, prepared: PreparedCall, args: readonly Expression[]): TypedExpression {
  const { argTypes, resultType } = prepared
  const typed = args.map((arg, index) => coerce(scope, arg, argTypes[index] as SqlType))
  const compute = prepared.prepare(typed)
  const others = evaluation(compute, typed)
  let isNull: boolean | undefined
  const isNullAlready = () => {
    isNull ??= typed.some(isAlwaysNull)
    return isNull
  }
  return {
    kind: 'typed',
    type: resultType,
    collation: isCollatable(resultType) ? commonCollation(typed) : NO_COLLATION,
    evaluate: prepared.isStrict ? (row) => (isNullAlready() ? null : others(row)) : others,
    isConstant: typed.every(({ isConstant }) => isConstant),
    ...(prepared.isStrict && { isAlwaysNull: isNullAlready }),
  }
}

function evaluation(compute: Compute, args: readonly TypedExpression[]): (row: Row) => Value {
  const [first, second] = args
  // Nearly every call has one or two arguments, and is made for every row.
  if (first && args.length === 1) return (row) => compute(first.evaluate(row))
  if (first && second && args.length === 2) return (row) => compute(first.evaluate(row), second.evaluate(row))
  return (row) => compute(...args.map((arg) => arg.evaluate(row)))
}
