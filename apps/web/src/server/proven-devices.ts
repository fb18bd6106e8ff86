import { createHash, timingSafeEqual } from 'node:crypto'
import type { DeviceIdentity } from '@landfall/contract'

/** About 10 MB; whoever falls out is looked up again. */
const MAX_DEVICES = 50_000

/**
 * Devices whose key this process has seen proven by the database, least recently used first. A device never gets another
 * key, so what was proven stays so; what is not here may be proven all the same.
 */
export class ProvenDevices {
  readonly #keyHashes = new Map<string, Buffer>()
  readonly #max: number

  constructor(max = MAX_DEVICES) {
    this.#max = max
  }

  has(tenantId: string, device: DeviceIdentity): boolean {
    const name = nameOf(tenantId, device)
    const keyHash = this.#keyHashes.get(name)
    if (!keyHash || !timingSafeEqual(keyHash, hashOf(device.key))) return false
    this.#keyHashes.delete(name)
    this.#keyHashes.set(name, keyHash)
    return true
  }

  add(tenantId: string, device: DeviceIdentity): void {
    const name = nameOf(tenantId, device)
    this.#keyHashes.delete(name)
    this.#keyHashes.set(name, hashOf(device.key))
    const [oldest] = this.#keyHashes.keys()
    if (this.#keyHashes.size > this.#max && oldest !== undefined) this.#keyHashes.delete(oldest)
  }
}

const nameOf = (tenantId: string, { clientId }: DeviceIdentity) => `${tenantId}:${clientId}`
const hashOf = (key: string) => createHash('sha256').update(key).digest()

// Next evaluates a module once a bundle; the devices are the process's.
const holder = globalThis as { landfallProvenDevices?: ProvenDevices }

export function provenDevices(): ProvenDevices {
  holder.landfallProvenDevices ??= new ProvenDevices()
  return holder.landfallProvenDevices
}
