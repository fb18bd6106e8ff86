import type { DeviceIdentity } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'

/** A device that no server has seen: an id, and a key in the form that the contract asks for. */
export function newDevice(): DeviceIdentity {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const key = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
  return { clientId: uuidv7(), key }
}
