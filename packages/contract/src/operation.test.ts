import { expect, test } from 'vitest'
import { deviceAuthorization, parseDeviceAuthorization } from './device.ts'
import { leadInsert } from './lead.ts'
import { batchEnvelope, operation } from './operation.ts'
import { operationResult } from './outcome.ts'

const id = '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a'
const good = {
  opId: id,
  entity: 'lead',
  action: 'insert',
  entityId: id,
  capturedAt: '2026-01-02T03:04:05.678Z',
  payload: {},
}

test('an operation with a field of its own invention is refused', () => {
  expect(operation.safeParse(good).success).toBe(true)
  expect(operation.safeParse({ ...good, tenantId: id }).success).toBe(false)
})

test.each([
  ['opId', '01933b1e-7a5c-4cc3-9f6d-1f2e3d4c5b6a'],
  ['entityId', 'lead-1'],
  ['capturedAt', 'yesterday'],
  ['action', 'upsert'],
  ['entity', 'le\u0000ad'],
  ['payload', 'text'],
])('an operation with %s = %j is refused', (field, value) => {
  expect(operation.safeParse({ ...good, [field]: value }).success).toBe(false)
})

test('an envelope takes 1 to 100 operations, whatever each of them is', () => {
  const envelope = { protocol: 1, clientId: id, sentAt: good.capturedAt }
  expect(batchEnvelope.safeParse({ ...envelope, operations: [null, good] }).success).toBe(true)
  expect(batchEnvelope.safeParse({ ...envelope, operations: [] }).success).toBe(false)
  expect(batchEnvelope.safeParse({ ...envelope, operations: Array(101).fill(good) }).success).toBe(false)
})

test('an answer with a code of a newer server still counts, under the general one', () => {
  const rejected = { opId: id, outcome: 'rejected', reason: 'reason_to_come', fields: { email: 'problem_to_come' } }
  expect(operationResult.parse(rejected)).toEqual({
    ...rejected,
    reason: 'malformed',
    fields: { email: 'not_text' },
  })
})

test('attribution that is too long is cut, not refused', () => {
  const parsed = leadInsert.parse({ formId: 'f_roofing01', values: {}, attribution: { utm_source: 'x'.repeat(9_999) } })
  expect(parsed.attribution.utm_source).toHaveLength(2_048)
})

test('a device header is read back as it was written, and nothing else is', () => {
  const device = { clientId: id, key: 'k'.repeat(43) }
  expect(parseDeviceAuthorization(deviceAuthorization(device))).toEqual(device)
  for (const header of [null, '', 'Bearer x', `Device ${id}`, `Device ${id}.short`, `Device x.${device.key}`]) {
    expect(parseDeviceAuthorization(header)).toBeUndefined()
  }
})
