import { hash } from 'node:crypto'
import type { Operation } from '@landfall/contract'

/** SHA-256, in hexadecimal, of an operation with its keys in order: a retry hashes alike, whatever the serialiser did. */
export function requestHash(operation: Operation): string {
  return hash('sha256', canonicalJson(operation), 'hex')
}

function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  let members = ''
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key]
    if (member === undefined) continue
    members += `${members && ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}
