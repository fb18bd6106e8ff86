/** `%` any text, `_` one character, the escape takes the next character as it is. */
export function compileLikePattern(pattern: string, options: { ignoresCase: boolean; escape: string }): RegExp {
  let source = ''
  let isEscaped = false
  for (const character of pattern) {
    if (isEscaped) {
      source += quote(character)
      isEscaped = false
    } else if (character === options.escape) isEscaped = true
    else if (character === '%') source += '.*'
    else if (character === '_') source += '.'
    else source += quote(character)
  }
  return new RegExp(`^${source}$`, options.ignoresCase ? 'sui' : 'su')
}

const quote = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
