/** Postgres' text of an array, `{1,NULL,"a b"}` or `[0:1]={{a},{b}}`, taken apart. */
export interface ArrayText {
  lengths: number[]
  lowerBounds: number[]
  /** Of all dimensions, in the order of the text. */
  items: (string | null)[]
}

export function parseArray(text: string): ArrayText {
  const start = text.indexOf('{')
  const items: (string | null)[] = []
  const lengths: number[] = []
  /** How many parts the braces that are open have so far. */
  const counts: number[] = []
  let item = ''
  let isQuoted = false
  let hasItem = false
  const finish = () => {
    if (!hasItem && item === '') return
    items.push(!isQuoted && item === 'NULL' ? null : item)
    counts.push((counts.pop() ?? 0) + 1)
    item = ''
    isQuoted = false
    hasItem = false
  }
  for (let index = start; index < text.length; index += 1) {
    const character = text[index]
    switch (character) {
      case '"':
        hasItem = true
        isQuoted = true
        for (index += 1; text[index] !== '"' && index < text.length; index += 1) {
          if (text[index] === '\\') index += 1
          item += text[index]
        }
        break
      case '{':
        counts.push(0)
        break
      case '}': {
        finish()
        const depth = counts.length - 1
        lengths[depth] = counts.pop() ?? 0
        if (depth > 0) counts.push((counts.pop() ?? 0) + 1)
        break
      }
      case ',':
        finish()
        break
      default:
        item += character
    }
  }
  if (items.length === 0) return { lengths: [], lowerBounds: [], items }
  const bounds = [...text.slice(0, start).matchAll(/\[(-?\d+):-?\d+\]/g)].map((match) => Number(match[1]))
  return { lengths, lowerBounds: lengths.map((_, dimension) => bounds[dimension] ?? 1), items }
}
