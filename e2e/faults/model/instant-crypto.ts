import { createCipheriv, createDecipheriv, createHash, createSecretKey, KeyObject } from 'node:crypto'

type Bytes = ArrayBuffer | ArrayBufferView

const TAG_BYTES = 16

const view = (bytes: Bytes): Uint8Array =>
  ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes)

const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

/**
 * The part of WebCrypto that a device uses, with the same results and at once: the real one answers from other threads,
 * whose order no seed decides.
 */
export function createInstantSubtle(random: (length: number) => Uint8Array) {
  const secretOf = (key: CryptoKey) => KeyObject.from(key as never).export()
  return {
    async generateKey(algorithm: AesKeyGenParams, extractable: boolean, usages: KeyUsage[]) {
      const secret = createSecretKey(random(algorithm.length / 8))
      return secret.toCryptoKey({ name: algorithm.name } as never, extractable, usages)
    },
    async encrypt({ iv, additionalData }: AesGcmParams, key: CryptoKey, data: Bytes) {
      const cipher = createCipheriv('aes-256-gcm', secretOf(key), view(iv as Bytes))
      if (additionalData) cipher.setAAD(view(additionalData as Bytes))
      return buffer(Buffer.concat([cipher.update(view(data)), cipher.final(), cipher.getAuthTag()]))
    },
    async decrypt({ iv, additionalData }: AesGcmParams, key: CryptoKey, data: Bytes) {
      const sealed = view(data)
      try {
        const decipher = createDecipheriv('aes-256-gcm', secretOf(key), view(iv as Bytes))
        if (additionalData) decipher.setAAD(view(additionalData as Bytes))
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
        return buffer(Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]))
      } catch {
        throw new DOMException('the text was not sealed with this key', 'OperationError')
      }
    },
    async digest(_algorithm: string, data: Bytes) {
      return buffer(createHash('sha256').update(view(data)).digest())
    },
  }
}
