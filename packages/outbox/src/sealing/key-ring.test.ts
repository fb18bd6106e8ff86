import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Outbox } from '../outbox.ts'
import { createHarness, type Harness, someLead } from '../testing/harness.ts'
import { rawKeyIds, withRawStore } from '../testing/raw-store.ts'

let device: Harness
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  outbox = device.open()
})

afterEach(async () => {
  vi.restoreAllMocks()
  await outbox.close()
})

describe('a key that was damaged on the disk', () => {
  beforeEach(async () => {
    device.server.weather = [{ kind: 'offline' }]
    await outbox.enqueue(someLead('before'))
    await outbox.flush()
    await outbox.close()
    const [id] = await rawKeyIds(device.queue)
    await withRawStore(device.queue, (database) => database.put('keys', { id, key: 'not one' }))
    outbox = device.open()
  })

  test('keeps nobody from saving', async () => {
    await outbox.enqueue(someLead('after'))
    await outbox.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(1)
  })

  test('sets apart what it had sealed', async () => {
    await outbox.flush({ urgency: 'now' })
    expect(await outbox.readQuarantine()).toMatchObject([{ reason: 'key_missing' }])
  })
})

describe('a browser whose cryptography fails', () => {
  test('says so as a store that fails does, so that a form can send by itself', async () => {
    vi.spyOn(crypto.subtle, 'encrypt').mockRejectedValue(new DOMException('no', 'OperationError'))
    await expect(outbox.enqueue(someLead())).rejects.toMatchObject({ name: 'OutboxUnavailableError', reason: 'failed' })
  })

  test('does without a key where it makes none', async () => {
    vi.spyOn(crypto.subtle, 'generateKey').mockRejectedValue(new DOMException('no', 'NotSupportedError'))
    await expect(outbox.enqueue(someLead())).resolves.toHaveLength(1)
    await outbox.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(1)
  })
})
