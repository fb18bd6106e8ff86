import { createHash, timingSafeEqual } from 'node:crypto'
import type { DeviceIdentity } from '@landfall/contract'
import { and, eq } from 'drizzle-orm'
import type { TenantTransaction } from './connection.ts'
import { devices } from './schema/index.ts'

/** 256 random bits need no slow hash: there is nothing to guess. */
const hashKey = (key: string) => createHash('sha256').update(key).digest()

/** Whether the key is the one that this client id first came with; a client id never seen is registered with it. */
export async function proveOrRegisterDevice(
  tx: TenantTransaction,
  tenantId: string,
  device: DeviceIdentity,
): Promise<boolean> {
  if (await isDeviceProven(tx, tenantId, device)) return true
  const inserted = await tx
    .insert(devices)
    .values({ tenantId, clientId: device.clientId, keyHash: hashKey(device.key) })
    .onConflictDoNothing()
    .returning({ clientId: devices.clientId })
  return inserted.length === 1 || isDeviceProven(tx, tenantId, device)
}

export async function isDeviceProven(
  tx: TenantTransaction,
  tenantId: string,
  device: DeviceIdentity,
): Promise<boolean> {
  const [known] = await tx
    .select({ keyHash: devices.keyHash })
    .from(devices)
    .where(and(eq(devices.tenantId, tenantId), eq(devices.clientId, device.clientId)))
  return known !== undefined && timingSafeEqual(known.keyHash, hashKey(device.key))
}
