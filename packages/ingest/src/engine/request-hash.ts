import { hash } from 'node:crypto'
import type { Operation } from '@landfall/contract'

/** SHA-256, in hexadecimal, of an operation with its keys in order: a retry hashes alike, whatever the serialiser did. */
export function requestHash(operation: Operation): string {
  return hash('sha256', canonicalJson(operation), 'hex')
}

function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
