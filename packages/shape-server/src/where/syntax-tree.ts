import type { Node } from 'libpg-query'
import { builtinType, isBuiltinType, type SqlType } from './sql-type.ts'
import { WhereError } from './where-error.ts'

/** The content of a node of the parser's tree, by the node's name. */
export type NodeOf<Name extends string> = Extract<Node, Record<Name, unknown>>[Name &
  keyof Extract<Node, Record<Name, unknown>>]

/** The parts of a dotted name; a star for what is none. */
export function names(parts: Node[] | undefined): string[] {
  return (parts ?? []).map((part) => ('String' in part ? (part.String.sval ?? '') : '*'))
}

export function listItems(node: Node | undefined): Node[] {
  return node && 'List' in node ? (node.List.items ?? []) : []
}

/** The items of `ARRAY[…]`, with or without a cast around it. */
export function arrayElements(node: Node | undefined): Node[] | undefined {
  if (node && 'TypeCast' in node) return node.TypeCast.arg && arrayElements(node.TypeCast.arg)
  return node && 'A_ArrayExpr' in node ? (node.A_ArrayExpr.elements ?? []) : undefined
}

export function castType(typeName: NodeOf<'TypeCast'>['typeName']): SqlType {
  const name = names(typeName?.names)
    .filter((part) => part !== 'pg_catalog')
    .join('.')
  if (!isBuiltinType(name) || typeName?.typmods?.length) throw new WhereError(`unsupported cast to ${name}`)
  const element = builtinType(name)
  return typeName?.arrayBounds?.length ? { family: 'array', name: `${name}[]`, element } : element
}
