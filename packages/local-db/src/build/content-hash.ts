import { createHash } from 'node:crypto'

/** SHA-256 of the parts in their order, in hex. */
export function contentHash(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    // The length keeps ('ab','c') and ('a','bc') apart.
    hash.update(`${part.length}:`)
    hash.update(part)
  }
  return hash.digest('hex')
}
