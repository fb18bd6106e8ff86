const LINE_WIDTH = 120

/** A comment as lines of SQL, wrapped between words. */
export function commentLines(comment: string | undefined, indent = ''): string[] {
  if (!comment) return []
  const lines: string[] = []
  for (const word of comment.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length + 1 <= LINE_WIDTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`${indent}-- ${word}`)
  }
  return lines
}

/** Lines of a text, each moved to the right; empty ones stay empty. */
export function indent(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by))
}
