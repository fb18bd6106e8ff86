import { type DeviceIdentity, deviceKey, uuidV7 } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
import { isRecord } from '../entry/read-entry.ts'
import type { EntryStore } from '../store/entry-store.ts'

/** The device as this queue knows it: made once, the same for all tabs. */
export function deviceIdentity(store: EntryStore): Promise<DeviceIdentity> {
  return store.getOrCreateMeta('identity', () => ({ clientId: uuidv7(), key: randomKey() }), isIdentity)
}

function isIdentity(value: unknown): value is DeviceIdentity {
  return isRecord(value) && uuidV7.safeParse(value.clientId).success && deviceKey.safeParse(value.key).success
}

/** 256 random bits in base64url. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
