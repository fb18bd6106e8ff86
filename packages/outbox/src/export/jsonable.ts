import { isRecord } from '../entry/read-entry.ts'

/** A value as JSON can carry it: bytes as `{ base64 }`, keys and functions by name only, and no cycle. */
export function toJsonable(value: unknown, above: readonly unknown[] = []): unknown {
  if (value === undefined || value === null) return null
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'object':
      return above.includes(value) ? '(see above)' : objectToJsonable(value, [...above, value])
    default:
      return String(value)
  }
}

function objectToJsonable(value: object, above: readonly unknown[]): unknown {
  if (value instanceof ArrayBuffer) return { base64: toBase64(new Uint8Array(value)) }
  if (ArrayBuffer.isView(value)) {
    return { base64: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) }
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString()
  if (value instanceof Map || value instanceof Set) return [...value].map((one) => toJsonable(one, above))
  if (Array.isArray(value)) return value.map((one) => toJsonable(one, above))
  if (!isRecord(value)) return String(value)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJsonable(one, above)]))
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
