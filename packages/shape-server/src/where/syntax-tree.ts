import type { Node } from 'libpg-query'

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
