import type { Node } from 'libpg-query'
import type { Row } from '../replication/transaction.ts'
import { commonFamily, compareAs, compileComparison, isComparison } from './comparison.ts'
import { type Pin, pinOf } from './equalities.ts'
import type { Expression, Literal, TypedExpression } from './expression.ts'
import { coalesce, concatenate, containment, isContainment, TEXT_FUNCTIONS } from './functions.ts'
import { compileLikePattern } from './like-pattern.ts'
import { BOOL, builtinType, type SqlType, TEXT } from './sql-type.ts'
import { arrayElements, castType, listItems, type NodeOf, names } from './syntax-tree.ts'
import { allOf, anyOf, not, TRUTH_TESTS, type Truth } from './three-valued.ts'
import { parseValue, type Value } from './value.ts'
import { WhereError } from './where-error.ts'

export interface CompiledWhere {
  /** Columns that the clause looks at. */
  columns: ReadonlySet<string>
  /** Column to the text that every matching row has in it, as Postgres prints it in the log. */
  equalities: ReadonlyMap<string, string>
  matches(row: Row): boolean
}

/** A clause whose literals still have to be read. */
export interface UnreadWhere extends Omit<CompiledWhere, 'equalities'> {
  pins: Pin[]
  /** To be given their values before the first row is tested. */
  literals: Literal[]
}

/** Compiles a parsed clause for rows with columns of these types; what it does not know it refuses. */
export function compileWhere(node: Node, columnTypes: ReadonlyMap<string, ColumnType>): UnreadWhere {
  const compiler = new WhereCompiler(columnTypes)
  const test = compiler.truth(node)
  const pins = conjuncts(node).flatMap((part) => compiler.pin(part) ?? [])
  return { columns: compiler.columns, literals: compiler.literals, pins, matches: (row) => test(row) === true }
}

class WhereCompiler {
  readonly columns = new Set<string>()
  readonly literals: Literal[] = []
  readonly #columnTypes: ReadonlyMap<string, ColumnType>

  constructor(columnTypes: ReadonlyMap<string, ColumnType>) {
    this.#columnTypes = columnTypes
  }

  /** What `column = literal` or `literal = column` says, when this part of the clause is one. */
  pin(node: Node): Pin | undefined {
    if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP' || names(node.A_Expr.name).join('.') !== '=')
      return undefined
    const [left, right] = this.#pair(node.A_Expr.lexpr, node.A_Expr.rexpr)
    return pinOf(left, right) ?? pinOf(right, left)
  }

  /** A part that must be a boolean. */
  truth(node: Node | undefined): (row: Row) => Truth {
    const { type, evaluate } = this.#typed(this.#expression(node), BOOL)
    if (type.family !== 'bool') throw new WhereError('WHERE clause must return a boolean')
    return (row) => evaluate(row) as Truth
  }

  #expression(node: Node | undefined): Expression {
    if (!node) throw new WhereError('an operand is missing')
    if ('ColumnRef' in node) return this.#column(node.ColumnRef)
    if ('A_Const' in node) return this.#constant(node.A_Const)
    if ('TypeCast' in node) return this.#cast(node.TypeCast)
    if ('BoolExpr' in node) return predicate(this.#logic(node.BoolExpr))
    if ('NullTest' in node) return predicate(this.#nullTest(node.NullTest))
    if ('BooleanTest' in node) return predicate(this.#booleanTest(node.BooleanTest))
    if ('A_Expr' in node) return this.#concatenation(node.A_Expr) ?? predicate(this.#operator(node.A_Expr))
    if ('CoalesceExpr' in node) return this.#coalesce(node.CoalesceExpr)
    if ('FuncCall' in node) return this.#call(node.FuncCall)
    if ('SubLink' in node) throw new WhereError('subqueries are not supported')
    throw new WhereError(`unsupported expression ${Object.keys(node)[0]}`)
  }

  #call({ funcname, args = [], ...rest }: NodeOf<'FuncCall'>): Expression {
    const name = names(funcname).join('.')
    const compute = TEXT_FUNCTIONS[name]
    const [arg] = args
    const isPlain = !rest.agg_star && !rest.agg_distinct && !rest.agg_filter && !rest.over && !rest.agg_order
    if (!compute || args.length !== 1 || !isPlain) throw new WhereError(`unknown or unsupported function ${name}`)
    const { evaluate } = this.#text(arg)
    return { kind: 'typed', type: TEXT, evaluate: (row) => compute(evaluate(row) as string | null) }
  }

  #concatenation({ kind, name, lexpr, rexpr }: NodeOf<'A_Expr'>): Expression | undefined {
    if (kind !== 'AEXPR_OP' || names(name).join('.') !== '||') return undefined
    const [left, right] = [this.#text(lexpr), this.#text(rexpr)]
    const evaluate = (row: Row) =>
      concatenate(left.evaluate(row) as string | null, right.evaluate(row) as string | null)
    return { kind: 'typed', type: TEXT, evaluate }
  }

  #coalesce({ args }: NodeOf<'CoalesceExpr'>): Expression {
    const parts = (args ?? []).map((arg) => this.#expression(arg))
    const known = parts.filter((part) => part.kind === 'typed').map((part) => part.type)
    const type = known.reduce((a, b) => (commonFamily(a, b) === a.family ? a : b), known[0] ?? TEXT)
    const typed = parts.map((part) => this.#typed(part, type))
    return coalesce(type, typed)
  }

  #text(node: Node | undefined): TypedExpression {
    const expression = this.#typed(this.#expression(node), TEXT)
    if (expression.type.family !== 'text') throw new WhereError(`${expression.type.name} is not text`)
    return expression
  }

  #column(reference: NodeOf<'ColumnRef'>): Expression {
    const name = names(reference.fields).join('.')
    const { type, isDeterministic } = this.#columnTypes.get(name) ?? {}
    if (!type) throw new WhereError(`At location ${(reference.location ?? 15) - 15}: unknown reference ${name}`)
    this.columns.add(name)
    const evaluate = (row: Row) => {
      const text = row[name] ?? null
      return text === null ? null : parseValue(type, text)
    }
    return { kind: 'typed', type, evaluate, ...(isDeterministic && { column: name }) }
  }

  #constant(constant: NodeOf<'A_Const'>): Expression {
    if (constant.isnull) return { kind: 'untyped', text: null }
    // The parser leaves out zeros, false and empty text.
    if (constant.sval) return { kind: 'untyped', text: constant.sval.sval ?? '' }
    if (constant.boolval) return known(BOOL, constant.boolval.boolval ?? false)
    if (constant.ival) return known(builtinType('int4'), BigInt(constant.ival.ival ?? 0))
    if (constant.fval) {
      const text = constant.fval.fval ?? '0'
      const isInteger = /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
      return this.#literal(builtinType(isInteger ? 'int8' : 'numeric'), text)
    }
    throw new WhereError('unsupported constant')
  }

  #cast(cast: NodeOf<'TypeCast'>): Expression {
    const type = castType(cast.typeName)
    const inner = this.#expression(cast.arg)
    if (inner.kind === 'untyped') return this.#typed(inner, type)
    if (inner.type.family === type.family && !NARROWING.has(type.name)) return { ...inner, type }
    const isTextual = inner.type.family === 'enum' || inner.type.family === 'uuid' || inner.type.family === 'int'
    if (type.family !== 'text' || !isTextual) {
      throw new WhereError(`unsupported cast from ${inner.type.name} to ${type.name}`)
    }
    const { evaluate } = inner
    return {
      kind: 'typed',
      type,
      evaluate: (row) => {
        const value = evaluate(row)
        return value === null ? null : String(value)
      },
    }
  }

  #logic({ boolop, args }: NodeOf<'BoolExpr'>): (row: Row) => Truth {
    const tests = (args ?? []).map((arg) => this.truth(arg))
    switch (boolop) {
      case 'AND_EXPR':
        return (row) => allOf(tests, (test) => test(row))
      case 'OR_EXPR':
        return (row) => anyOf(tests, (test) => test(row))
      case 'NOT_EXPR': {
        const [test] = tests
        if (test) return (row) => not(test(row))
      }
    }
    throw new WhereError(`unsupported operator ${boolop}`)
  }

  #nullTest({ arg, nulltesttype }: NodeOf<'NullTest'>): (row: Row) => Truth {
    const { evaluate } = this.#typed(this.#expression(arg), TEXT)
    const expectsNull = nulltesttype === 'IS_NULL'
    return (row) => (evaluate(row) === null) === expectsNull
  }

  #booleanTest({ arg, booltesttype }: NodeOf<'BooleanTest'>): (row: Row) => Truth {
    const truth = this.truth(arg)
    const test = TRUTH_TESTS[booltesttype ?? '']
    if (!test) throw new WhereError(`unsupported test ${booltesttype}`)
    return (row) => test(truth(row))
  }

  #operator({ kind, name, lexpr, rexpr }: NodeOf<'A_Expr'>): (row: Row) => Truth {
    const operator = names(name).join('.')
    switch (kind) {
      case 'AEXPR_OP':
        return this.#compare(operator, lexpr, rexpr)
      case 'AEXPR_IN': {
        const isIn = anyOfEach(listItems(rexpr).map((item) => this.#compare('=', lexpr, item)))
        return operator === '<>' ? (row) => not(isIn(row)) : isIn
      }
      case 'AEXPR_BETWEEN':
      case 'AEXPR_NOT_BETWEEN': {
        const [low, high] = listItems(rexpr)
        const bounds = [this.#compare('>=', lexpr, low), this.#compare('<=', lexpr, high)]
        const isBetween = (row: Row) => allOf(bounds, (bound) => bound(row))
        return kind === 'AEXPR_BETWEEN' ? isBetween : (row) => not(isBetween(row))
      }
      case 'AEXPR_DISTINCT':
        return this.#distinct(lexpr, rexpr)
      case 'AEXPR_NOT_DISTINCT': {
        const isDistinct = this.#distinct(lexpr, rexpr)
        return (row) => not(isDistinct(row))
      }
      case 'AEXPR_LIKE':
      case 'AEXPR_ILIKE':
        return this.#like(operator, lexpr, rexpr)
      case 'AEXPR_OP_ANY':
      case 'AEXPR_OP_ALL':
        return this.#quantified(kind, operator, lexpr, rexpr)
      default:
        throw new WhereError(`unsupported operator ${operator}`)
    }
  }

  #compare(operator: string, left: Node | undefined, right: Node | undefined): (row: Row) => Truth {
    if (isContainment(operator)) {
      const [a, b] = this.#pair(left, right)
      const test = containment(operator, a.type, b.type)
      return (row) => test(a.evaluate(row), b.evaluate(row))
    }
    if (!isComparison(operator)) throw new WhereError(`unsupported operator ${operator}`)
    return compileComparison(operator, ...this.#pair(left, right))
  }

  #distinct(left: Node | undefined, right: Node | undefined): (row: Row) => Truth {
    const [a, b] = this.#pair(left, right)
    const compare = compareAs('<>', a.type, b.type)
    return (row) => {
      const [x, y] = [a.evaluate(row), b.evaluate(row)]
      return x === null || y === null ? x !== y : compare(x, y)
    }
  }

  #like(operator: string, left: Node | undefined, right: Node | undefined): (row: Row) => Truth {
    const value = this.#typed(this.#expression(left), TEXT)
    const pattern = this.#expression(right)
    if (value.type.family !== 'text') throw new WhereError(`operator does not exist: ${value.type.name} ${operator}`)
    // Padding counts for LIKE and for nothing else.
    if (value.type.name === 'bpchar') throw new WhereError('LIKE is not supported on char(n): cast it to text')
    if (pattern.kind !== 'untyped') throw new WhereError('LIKE is supported with a constant pattern only')
    if (pattern.text === null) return () => null
    const regExp = compileLikePattern(pattern.text, { ignoresCase: operator.endsWith('*'), escape: '\\' })
    const isNegated = operator.startsWith('!')
    return (row) => {
      const text = value.evaluate(row)
      return text === null ? null : regExp.test(text as string) !== isNegated
    }
  }

  #quantified(kind: string, operator: string, left: Node | undefined, right: Node | undefined): (row: Row) => Truth {
    if (!isComparison(operator)) throw new WhereError(`unsupported operator ${operator}`)
    const combine = kind === 'AEXPR_OP_ANY' ? anyOf : allOf
    const elements = arrayElements(right)
    if (elements) {
      const tests = elements.map((element) => this.#compare(operator, left, element))
      return (row) => combine(tests, (test) => test(row))
    }
    const array = this.#expression(right)
    const elementType = array.kind === 'typed' && array.type.family === 'array' ? array.type.element : TEXT
    const item = this.#typed(this.#expression(left), elementType)
    if (item.type.family === 'array' || item.type.family === 'opaque') throw new WhereError('unsupported array')
    const { type, evaluate } = this.#typed(array, {
      family: 'array',
      name: `${item.type.name}[]`,
      element: { family: item.type.family, name: item.type.name },
    })
    if (type.family !== 'array') throw new WhereError('op ANY/ALL (array) requires array on right side')
    const compare = compareAs(operator, item.type, type.element)
    return (row) => {
      const value = item.evaluate(row)
      const items = evaluate(row) as Value[] | null
      return items === null ? null : combine(items, (other) => compare(value, other))
    }
  }

  /** Two operands; a literal without a type takes the type of the other side. */
  #pair(left: Node | undefined, right: Node | undefined): [TypedExpression, TypedExpression] {
    const [a, b] = [this.#expression(left), this.#expression(right)]
    return [this.#typed(a, b.kind === 'typed' ? b.type : TEXT), this.#typed(b, a.kind === 'typed' ? a.type : TEXT)]
  }

  #typed(expression: Expression, type: SqlType): TypedExpression {
    if (expression.kind === 'typed') return expression
    return expression.text === null ? constantOf(type, null) : this.#literal(type, expression.text)
  }

  #literal(type: SqlType, text: string): TypedExpression {
    // A varchar column is compared as text; a cast to varchar would do no harm, one to name would cut.
    const known = type.family === 'text' && type.name !== 'bpchar' ? TEXT : type
    const literal: Literal = { text, type: known, value: null }
    this.literals.push(literal)
    return { kind: 'typed', type: known, evaluate: () => literal.value, literal }
  }
}

export interface ColumnType {
  type: SqlType
  isDeterministic: boolean
}

/** The parts of a clause that must all be true. */
function conjuncts(node: Node): Node[] {
  return 'BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR'
    ? (node.BoolExpr.args ?? []).flatMap(conjuncts)
    : [node]
}

/** Types of which not every value of their family is one. */
const NARROWING = new Set(['float4', 'bpchar', 'name', 'int2'])

const predicate = (evaluate: (row: Row) => Truth): TypedExpression => ({ kind: 'typed', type: BOOL, evaluate })
const constantOf = (type: SqlType, value: Value): TypedExpression => ({ kind: 'typed', type, evaluate: () => value })
const known = (type: SqlType, value: Value): TypedExpression => ({
  ...constantOf(type, value),
  literal: { text: String(value), type, value },
})
const anyOfEach = (tests: ((row: Row) => Truth)[]) => (row: Row) => anyOf(tests, (test) => test(row))
