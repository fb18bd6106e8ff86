import {
  type BatchEnvelope,
  type DeviceIdentity,
  deviceAuthorization,
  type Operation,
  SYNC_PROTOCOL,
} from '@landfall/contract'

/** Path of the batch route, on the real app and on the bare servers. */
export const BATCH_PATH = '/api/sync/batch'

/** What a device posts: the same for whoever queued it, so that every server sees the same request. */
export function batchRequest(device: DeviceIdentity, operations: Operation[]) {
  const envelope: BatchEnvelope = {
    protocol: SYNC_PROTOCOL,
    clientId: device.clientId,
    sentAt: new Date().toISOString(),
    operations,
  }
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: deviceAuthorization(device) },
    body: JSON.stringify(envelope),
  }
}
