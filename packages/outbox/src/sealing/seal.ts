import type { Content, SealSubject } from './content.ts'
import { toJson } from './to-json.ts'

/** An AES-GCM key that no script can read out, and the name under which it is kept. */
export interface SealingKey {
  id: string
  key: CryptoKey
}

/** Whether a stored record still holds its key; asked by name, because without WebCrypto there is no class to ask for. */
export function isSealingKey(stored: SealingKey | undefined): stored is SealingKey {
  return Object.prototype.toString.call(stored?.key) === '[object CryptoKey]'
}

/** The content was changed, or belongs to another record. */
export class SealBrokenError extends Error {
  override name = 'SealBrokenError'
}

/** Bytes of the nonce, as AES-GCM wants them; random, which is safe for some billions of seals under one key. */
const IV_BYTES = 12

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function hasWebCrypto(): boolean {
  return globalThis.crypto?.subtle !== undefined
}

export async function makeSealingKey(id: string): Promise<SealingKey> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  return { id, key }
}

/**
 * Seals a value that JSON can carry; without a key it is only copied.
 *
 * @throws OutboxUnavailableError for what JSON would drop without a word
 */
export async function seal(key: SealingKey | null, subject: SealSubject, value: unknown): Promise<Content> {
  const json = toJson(value)
  if (!key) return { kind: 'plain', value: JSON.parse(json) }
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const data = await crypto.subtle.encrypt(parameters(iv, subject), key.key, encoder.encode(json))
  return { kind: 'sealed', keyId: key.id, iv, data }
}

/** @throws SealBrokenError */
export async function unseal(key: CryptoKey | undefined, subject: SealSubject, content: Content): Promise<unknown> {
  if (content.kind === 'plain') return content.value
  if (!key) throw new SealBrokenError('no key')
  try {
    const bytes = await crypto.subtle.decrypt(parameters(content.iv, subject), key, content.data)
    return JSON.parse(decoder.decode(bytes))
  } catch (error) {
    throw new SealBrokenError('the seal does not open', { cause: error })
  }
}

function parameters(iv: Uint8Array<ArrayBuffer>, { queue, id, part }: SealSubject): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: encoder.encode(JSON.stringify(['landfall', 2, queue, part, id])) }
}
