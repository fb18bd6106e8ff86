/** Says where a text stops being JSON, in the words that clients know from the real service; undefined when it is. */
export function describeJsonError(text: string): string | undefined {
  const bytes = Buffer.from(text, 'utf8')
  const position = findJsonError(bytes)
  if (position === undefined) return undefined
  const byte = bytes[position]
  if (byte === undefined) return `unexpected end of input at position ${position}`
  const hex = `0x${byte.toString(16).toUpperCase()}`
  const isPrintable = byte >= 0x20 && byte < 0x7f
  return `unexpected byte at position ${position}: ${hex}${isPrintable ? ` (${JSON.stringify(String.fromCharCode(byte))})` : ''}`
}

/** Offset of the first byte that cannot continue the text; a word that is none counts from its beginning. */
function findJsonError(bytes: Buffer): number | undefined {
  let at = 0
  /** What may end: without recursion, because the depth is the client's. */
  const open: ('{' | '[')[] = []
  const char = () => String.fromCharCode(bytes[at] ?? 0)
  const skip = (pattern: RegExp) => {
    // Latin-1 keeps one character a byte, whatever the bytes are.
    pattern.lastIndex = at
    const match = pattern.exec(latin)
    if (match) at += match[0].length
    return match !== null
  }
  const latin = bytes.toString('latin1')
  const space = () => skip(/[ \t\n\r]*/y)
  const string = () => {
    if (char() !== '"') return false
    at += 1
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a string may not hold
    skip(/(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y)
    if (char() !== '"') return false
    at += 1
    return true
  }
  const name = () => {
    if (!string()) return false
    space()
    if (!skip(/:/y)) return false
    space()
    return true
  }
  space()
  for (;;) {
    // A value is due.
    if (skip(/[{[]/y)) {
      const kind = latin[at - 1] === '{' ? '{' : '['
      space()
      if (!skip(kind === '{' ? /\}/y : /\]/y)) {
        open.push(kind)
        if (kind === '{' && !name()) return at
        continue
      }
    } else if (char() === '"') {
      if (!string()) return at
    } else if (!skip(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y)) {
      return at
    }
    // A value has ended, and perhaps what it stands in.
    for (;;) {
      space()
      const inside = open.at(-1)
      if (!inside) return at === bytes.length ? undefined : at
      if (skip(/,/y)) {
        space()
        if (inside === '{' && !name()) return at
        break
      }
      if (!skip(inside === '{' ? /\}/y : /\]/y)) return at
      open.pop()
    }
  }
}
