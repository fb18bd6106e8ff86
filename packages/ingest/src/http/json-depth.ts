const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

/**
 * Whether arrays and objects nest at most `maxDepth` deep. It counts brackets in the bytes, outside of strings, so that
 * what nests deeper is never built. Of bytes that are no JSON it says nothing of use; the parser refuses those.
 */
export function isJsonWithinDepth(bytes: Uint8Array, maxDepth: number): boolean {
  let depth = 0
  let isInString = false
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number
    if (isInString) {
      // What follows a backslash, a quote too, is part of the string.
      if (byte === BACKSLASH) index += 1
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if (OPENING.has(byte)) {
      depth += 1
      if (depth > maxDepth) return false
    } else if (CLOSING.has(byte)) depth -= 1
  }
  return true
}
