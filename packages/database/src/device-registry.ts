import { createHash, timingSafeEqual } from 'node:crypto'
import type { DeviceIdentity } from '@landfall/contract'
import type { AppDatabase } from './connection.ts'
import { type TenantSession, withTenantSession } from './tenant-session.ts'

/**
 * Whether the key is the one that this client id first came with; a client id never seen is registered with it. Two
 * round trips: one for both statements, one for the commit.
 */
export function proveOrRegisterDevice(
  database: AppDatabase,
  tenantId: string,
  device: DeviceIdentity,
): Promise<boolean> {
  return withTenantSession(database, tenantId, async (session) => {
    const registered = session.query({
      name: 'register-device',
      text: 'INSERT INTO devices (tenant_id, client_id, key_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      values: [tenantId, device.clientId, hashKey(device.key)],
    })
    // It waits for whoever registers the same client id at this moment, and the question below sees that row.
    const [isProven] = await Promise.all([isKeyOf(session, tenantId, device), registered])
    return isProven
  })
}

/** Whether the key is the one that this client id first came with. A client id never seen has proven nothing. */
export function isDeviceProven(database: AppDatabase, tenantId: string, device: DeviceIdentity): Promise<boolean> {
  return withTenantSession(database, tenantId, (session) => isKeyOf(session, tenantId, device))
}

async function isKeyOf(session: TenantSession, tenantId: string, { clientId, key }: DeviceIdentity): Promise<boolean> {
  const [known] = await session.query<{ key_hash: Buffer }>({
    name: 'key-of-device',
    text: 'SELECT key_hash FROM devices WHERE tenant_id = $1 AND client_id = $2',
    values: [tenantId, clientId],
  })
  return known !== undefined && timingSafeEqual(known.key_hash, hashKey(key))
}

/** 256 random bits need no slow hash: there is nothing to guess. */
const hashKey = (key: string) => createHash('sha256').update(key).digest()
