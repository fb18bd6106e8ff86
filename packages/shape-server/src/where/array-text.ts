/** Reads Postgres' text of an array, `{1,NULL,"a b"}`, with the items of all dimensions in one list. */
export function parseArray(text: string): (string | null)[] {
  // Bounds other than from 1 stand before the braces: `[0:1]={1,2}`.
  const start = text.indexOf('{')
  const items: (string | null)[] = []
  let item = ''
  let isQuoted = false
  let hasItem = false
  const finish = () => {
    if (hasItem || item !== '') items.push(!isQuoted && item === 'NULL' ? null : item)
    item = ''
    isQuoted = false
    hasItem = false
  }
  for (let index = start; index < text.length; index += 1) {
    const character = text[index]
    if (character === '"') {
      hasItem = true
      isQuoted = true
      for (index += 1; text[index] !== '"' && index < text.length; index += 1) {
        if (text[index] === '\\') index += 1
        item += text[index]
      }
    } else if (character === ',' || character === '}') finish()
    else if (character !== '{') item += character
  }
  return items
}
