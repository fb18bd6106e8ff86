/** An identifier that a client wrote and that is none; the message names it. */
export class IdentifierError extends Error {
  override name = 'IdentifierError'
}

export interface TableName {
  schema: string
  table: string
}

/** `name`, `schema.name`, either part quoted; the default schema is `public`. */
export function parseTableName(text: string): TableName {
  const parts = splitOutsideQuotes(text, '.')
  if (parts.length > 2) throw new IdentifierError(`Invalid relation identifier, too many delimiters: ${text}`)
  const [first = '', second] = parts
  return second === undefined
    ? { schema: 'public', table: parseIdentifier(first) }
    : { schema: parseIdentifier(first), table: parseIdentifier(second) }
}

/** Comma separated, without spaces between. */
export function parseColumnList(text: string): string[] {
  return splitOutsideQuotes(text, ',').map(parseIdentifier)
}

function parseIdentifier(text: string): string {
  if (text === '') throw new IdentifierError('Invalid zero-length delimited identifier')
  if (/^".*"$/s.test(text) && text.length > 1) {
    const inner = text.slice(1, -1)
    if (inner === '') throw new IdentifierError('Invalid zero-length delimited identifier')
    if (inner.replaceAll('""', '').includes('"'))
      throw new IdentifierError(`Invalid identifier with unescaped quote: ${text}`)
    return inner.replaceAll('""', '"')
  }
  if (!/^[\p{L}_][\p{L}\p{N}_$]*$/u.test(text)) {
    throw new IdentifierError(`Invalid unquoted identifier contains special characters: ${text}`)
  }
  return text.toLowerCase()
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts = ['']
  let isQuoted = false
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted
    if (character === separator && !isQuoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}
