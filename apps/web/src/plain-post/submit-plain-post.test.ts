import { type FormDefinition, formDefinition, type OperationResult, type ReceivedBatch } from '@landfall/contract'
import type { Principal } from '@landfall/ingest'
import { beforeEach, expect, test, vi } from 'vitest'
import { countBatch, ingest } from '../server/ingest.ts'
import { type PlainPost, readPlainPost } from './read-plain-post.ts'
import { findPostedForm, submitPlainPost } from './submit-plain-post.ts'

vi.mock('../server/ingest.ts', () => ({ countBatch: vi.fn(), ingest: vi.fn() }))

const LEAD_ID = '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a'
const definition: FormDefinition = formDefinition.parse({
  formId: 'f_acmeroof01',
  version: 1,
  locale: 'en',
  title: 'Ask us',
  submitLabel: 'Send',
  thanks: 'Thank you.',
  fields: [{ type: 'text', name: 'name', label: 'Name' }],
})
const post: PlainPost = { version: 1, submissionId: LEAD_ID, fields: { name: 'Ada' }, attribution: {}, decoy: '' }

const request = new Request('http://acme.localhost/api/forms/f_acmeroof01', { method: 'POST' })
const context = { request, requestId: 'request-1', formId: definition.formId, tenantId: 'tenant-1' }

const answers = (result: Omit<Extract<OperationResult, { outcome: 'applied' }>, 'opId'>) =>
  vi.mocked(ingest).mockImplementation(async (_, batch, requestId) => ({
    protocol: 1,
    requestId,
    serverTime: new Date().toISOString(),
    results: [{ opId: operationOf(batch).opId, ...result }],
  }))
const operationOf = (batch: ReceivedBatch) => batch.operations[0] as { opId: string; entityId: string }
const sent = () => vi.mocked(ingest).mock.calls[0] as [Principal & { kind: 'visitor' }, ReceivedBatch, string]

beforeEach(() => {
  vi.mocked(ingest).mockReset()
  vi.mocked(countBatch).mockReset()
})

test('a plain post belongs to no device: who knows the id of the lead can not make one that it belongs to', async () => {
  answers({ outcome: 'applied', txid: 1, version: 1 })
  expect(await submitPlainPost(context, definition, post)).toMatchObject({ kind: 'stored' })
  const [visitor, batch] = sent()
  expect(operationOf(batch).entityId).toBe(LEAD_ID)
  expect(visitor.clientId).not.toBe(LEAD_ID)
  expect(batch.clientId).toBe(visitor.clientId)
})

test('the id that a page was served with counts in whatever case it comes back', async () => {
  const body = new URLSearchParams({ lf_submission: LEAD_ID.toUpperCase(), name: 'Ada' })
  const posted = new Request(request.url, { method: 'POST', body })
  expect(await readPlainPost(posted)).toMatchObject({ submissionId: LEAD_ID })
})

test.each([
  ['a version that no form can have', { formId: definition.formId, version: 99_999_999_999 }],
  ['a form id with a NUL', { formId: 'f_acme\0roof01', version: 1 }],
])('%s names no form, and the database is not asked', async (_, { formId, version }) => {
  await expect(findPostedForm({ ...context, formId }, { ...post, version })).rejects.toMatchObject({
    code: 'not_found',
  })
})
