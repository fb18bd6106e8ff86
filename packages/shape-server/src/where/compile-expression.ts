import type { Node } from 'libpg-query'
import type { Row } from '../replication/transaction.ts'
import { callFunction, callOperator } from './call-routine.ts'
import { coerce, isCollatable, literal } from './coercion.ts'
import { compileArray, compileSubscripts } from './compile-array.ts'
import { compileCast } from './compile-cast.ts'
import { compileCase, compileCoalesce, compileMinMax, compileNullif } from './compile-choice.ts'
import { compileBooleanExpression, compileBooleanTest, compileNullTest, predicate } from './compile-logic.ts'
import { compileBetween, compileIn, compileQuantified } from './compile-membership.ts'
import type { Expression, TypedExpression } from './expression.ts'
import { constant, type Scope } from './scope.ts'
import { BOOL, builtinType, INT4, TEXT } from './sql-type.ts'
import { refuseSubquery } from './subquery.ts'
import { type NodeOf, names } from './syntax-tree.ts'
import { not, type Truth } from './three-valued.ts'
import { parseValue } from './value.ts'
import { WhereError } from './where-error.ts'

/** Compiles any part of a clause. Throws a WhereError for what is not supported. */
export function compileExpression(scope: Scope, node: Node | undefined): Expression {
  if (!node) throw new WhereError('an operand is missing')
  if ('ColumnRef' in node) return compileColumn(scope, node.ColumnRef)
  if ('A_Const' in node) return compileConstant(scope, node.A_Const)
  if ('TypeCast' in node) return compileCast(scope, node.TypeCast)
  if ('BoolExpr' in node) return compileBooleanExpression(scope, node.BoolExpr)
  if ('NullTest' in node) return compileNullTest(scope, node.NullTest)
  if ('BooleanTest' in node) return compileBooleanTest(scope, node.BooleanTest)
  if ('A_Expr' in node) return compileOperator(scope, node.A_Expr)
  if ('CoalesceExpr' in node) return compileCoalesce(scope, node.CoalesceExpr)
  if ('MinMaxExpr' in node) return compileMinMax(scope, node.MinMaxExpr)
  if ('CaseExpr' in node) return compileCase(scope, node.CaseExpr)
  if ('FuncCall' in node) return compileCall(scope, node.FuncCall)
  if ('A_ArrayExpr' in node) return compileArray(scope, node.A_ArrayExpr)
  if ('A_Indirection' in node) return compileSubscripts(scope, node.A_Indirection)
  if ('CollateClause' in node) return compileCollate(scope, node.CollateClause)
  if ('SubLink' in node) return refuseSubquery()
  if ('SQLValueFunction' in node) throw new WhereError('what changes with time or user is not supported')
  throw new WhereError(`unsupported expression ${Object.keys(node)[0]}`)
}

function compileColumn(scope: Scope, reference: NodeOf<'ColumnRef'>): Expression {
  const name = names(reference.fields).join('.')
  const column = reference.fields?.length === 1 ? scope.columns.get(name) : undefined
  if (!column) throw new WhereError(`At location ${(reference.location ?? 15) - 15}: unknown reference ${name}`)
  scope.usedColumns.add(name)
  const { type, collation } = column
  const evaluate = (row: Row) => {
    const text = row[name] ?? null
    return text === null ? null : parseValue(type, text)
  }
  return { kind: 'typed', type, collation, evaluate, isConstant: false, column: name }
}

function compileConstant(scope: Scope, node: NodeOf<'A_Const'>): Expression {
  if (node.isnull) return { kind: 'untyped', text: null }
  // The parser leaves out zeros, false and empty text.
  if (node.sval) return { kind: 'untyped', text: node.sval.sval ?? '' }
  if (node.boolval) return constant(BOOL, node.boolval.boolval ?? false)
  if (node.ival) return constant(INT4, BigInt(node.ival.ival ?? 0))
  if (node.fval) return compileNumber(scope, node.fval.fval ?? '0')
  throw new WhereError('unsupported constant')
}

/** A number takes the smallest of the types that it fits. */
function compileNumber(scope: Scope, text: string): Expression {
  const plain = text.replaceAll('_', '')
  const [, sign, digits = ''] = /^(-?)(\d+|0[xob][\da-f]+)$/i.exec(plain) ?? []
  if (digits === '') return literal(scope, text, builtinType('numeric'), 'numeric')
  const value = BigInt(digits) * (sign === '-' ? -1n : 1n)
  const size = [32, 64].find((bits) => BigInt.asIntN(bits, value) === value)
  if (size === undefined) return literal(scope, text, builtinType('numeric'), 'numeric')
  return constant(size === 32 ? INT4 : builtinType('int8'), value)
}

function compileOperator(scope: Scope, node: NodeOf<'A_Expr'>): Expression {
  const { kind, name, lexpr, rexpr } = node
  switch (kind) {
    case 'AEXPR_OP':
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return callOperator(
        scope,
        operatorName(name),
        [lexpr, rexpr].flatMap((operand) => (operand ? [scope.compile(operand)] : [])),
      )
    case 'AEXPR_DISTINCT':
      return compileDistinct(scope, node)
    case 'AEXPR_NOT_DISTINCT': {
      const { evaluate } = compileDistinct(scope, node)
      return predicate((row) => not(evaluate(row) as Truth))
    }
    case 'AEXPR_NULLIF':
      return compileNullif(scope, node)
    case 'AEXPR_IN':
      return compileIn(scope, node)
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      return compileQuantified(scope, node)
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
    case 'AEXPR_NOT_BETWEEN_SYM':
      return compileBetween(scope, node)
    default:
      throw new WhereError(`unsupported operator ${names(name).join('.')}`)
  }
}

function operatorName(parts: Node[] | undefined): string {
  const [first, ...rest] = names(parts)
  return first === 'pg_catalog' && rest.length === 1 ? (rest[0] ?? '') : [first, ...rest].join('.')
}

function compileDistinct(scope: Scope, { lexpr, rexpr }: NodeOf<'A_Expr'>): TypedExpression {
  const [left, right] = [scope.compile(lexpr), scope.compile(rexpr)]
  const isEqual = callOperator(scope, '=', [left, right])
  const a = left.kind === 'typed' ? left : coerce(scope, left, TEXT)
  const b = right.kind === 'typed' ? right : coerce(scope, right, TEXT)
  return predicate((row) => {
    const [x, y] = [a.evaluate(row), b.evaluate(row)]
    return x === null || y === null ? x !== y : isEqual.evaluate(row) !== true
  })
}

function compileCall(scope: Scope, { funcname, args = [], ...rest }: NodeOf<'FuncCall'>): Expression {
  const name = operatorName(funcname)
  const isPlain =
    !rest.agg_star && !rest.agg_distinct && !rest.agg_filter && !rest.over && !rest.agg_order && !rest.func_variadic
  if (!isPlain || args.some((arg) => 'NamedArgExpr' in arg)) {
    throw new WhereError(`unknown or unsupported function ${name}`)
  }
  return callFunction(
    scope,
    name,
    args.map((arg) => scope.compile(arg)),
  )
}

function compileCollate(scope: Scope, { arg, collname }: NodeOf<'CollateClause'>): Expression {
  const name = operatorName(collname)
  const collations = scope.conversion.catalog.collations
  const collation = Object.hasOwn(collations, name) ? collations[name] : undefined
  if (!collation) throw new WhereError(`the collation ${name} is not supported`)
  const inner = scope.compile(arg)
  const typed = inner.kind === 'typed' ? inner : coerce(scope, inner, TEXT)
  if (!isCollatable(typed.type)) throw new WhereError(`collations are not supported by type ${typed.type.id}`)
  return { ...typed, collation: { strength: 'explicit', collation } }
}
