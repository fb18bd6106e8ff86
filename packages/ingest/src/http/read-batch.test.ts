import { ProblemError, SYNC_PROTOCOL } from '@landfall/contract'
import { describe, expect, test } from 'vitest'
import { readBatch } from './read-batch.ts'

const envelope = {
  protocol: SYNC_PROTOCOL,
  clientId: '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a',
  sentAt: '2026-01-02T03:04:05.678Z',
  operations: [{}],
}

function post(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  return new Request('http://acme.localhost/api/sync/batch', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit)
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return (error as ProblemError).code
}

describe('a batch', () => {
  test('is read with its operations unjudged', async () => {
    expect(await readBatch(post(JSON.stringify(envelope)))).toEqual(envelope)
    const withCharset = post(JSON.stringify(envelope), { 'content-type': 'Application/JSON; charset=utf-8' })
    expect(await readBatch(withCharset)).toEqual(envelope)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp'])(
    'of type %s is refused: a page elsewhere could send it without asking',
    async (type) => {
      expect(await codeOf(readBatch(post(JSON.stringify(envelope), { 'content-type': type })))).toBe(
        'wrong_content_type',
      )
    },
  )

  test('is refused at the limit, whether or not it tells its size', async () => {
    const large = `{"operations":"${'x'.repeat(300 * 1024)}"}`
    expect(await codeOf(readBatch(post(large)))).toBe('too_large')
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(64 * 1024).fill(32))
      },
    })
    expect(await codeOf(readBatch(post(endless)))).toBe('too_large')
    expect(pulled).toBeLessThan(10)
  })

  test.each([
    ['', 'malformed_request'],
    ['{', 'malformed_request'],
    ['null', 'malformed_request'],
    ['[]', 'malformed_request'],
    [`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, 'malformed_request'],
    [JSON.stringify({ ...envelope, protocol: 99 }), 'unsupported_protocol'],
    [JSON.stringify({ ...envelope, operations: [] }), 'malformed_request'],
    [JSON.stringify({ ...envelope, operations: Array(101).fill({}) }), 'malformed_request'],
    [JSON.stringify({ ...envelope, clientId: 'me' }), 'malformed_request'],
    [JSON.stringify({ ...envelope, tenantId: 'x' }), 'malformed_request'],
  ])('that reads %.40s is refused as %s', async (body, code) => {
    expect(await codeOf(readBatch(post(body)))).toBe(code)
  })

  test.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ])('that nests %s as deep as its size allows is refused before it is built', async (opening, closing) => {
    const levels = Math.floor((250 * 1024) / (opening.length + closing.length))
    const deep = post(`${opening.repeat(levels)}1${closing.repeat(levels)}`)
    await expect(readBatch(deep)).rejects.toThrow('nests deeper than 16 levels')
  })

  test('is not called deep for brackets in what people write', async () => {
    const operations = [{ note: `\\"${'[{'.repeat(50)}`, next: '}]\\' }]
    expect(await readBatch(post(JSON.stringify({ ...envelope, operations })))).toMatchObject({ operations })
  })

  test('that is not UTF-8 is refused', async () => {
    expect(await codeOf(readBatch(post(new Uint8Array([0x22, 0xff, 0x22]))))).toBe('malformed_request')
  })
})
