import { PROBLEM_CONTENT_TYPE } from '@landfall/contract'
import { localDbManifest } from '@landfall/local-db/assets'
import { describe, expect, it } from 'vitest'
import { answerLocalSchema } from './answer-local-schema.ts'
import { route } from './route.ts'

const GET = route((request) => answerLocalSchema(request))

const ask = (query: string, headers: Record<string, string> = {}) =>
  GET(new Request(`http://acme.localhost/api/local-schema${query}`, { headers }), { params: Promise.resolve({}) })

describe('GET /api/local-schema', () => {
  it('answers a device at the head of the chain, to be asked about again each time', async () => {
    const { schemaHash } = await localDbManifest()
    const answer = await ask(`?hash=${schemaHash}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(await answer.json()).toEqual({ head: schemaHash, status: 'current' })
  })

  it('sends nothing again that the device has', async () => {
    const { schemaHash } = await localDbManifest()
    const etag = (await ask(`?hash=${schemaHash}`)).headers.get('etag') ?? ''
    const again = await ask(`?hash=${schemaHash}`, { 'if-none-match': `"other", W/${etag}` })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await ask(`?hash=${'0'.repeat(64)}`, { 'if-none-match': etag })).status).toBe(200)
  })

  it.each([
    '',
    '?hash=',
    '?hash=x',
    `?hash=${'A'.repeat(64)}`,
    `?hash=${'a'.repeat(64)}&hash=x`,
    '?hash=..%2f..%2fetc',
  ])('refuses "%s" as problem+json', async (query) => {
    const answer = await ask(query)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe(PROBLEM_CONTENT_TYPE)
    expect(await answer.json()).toMatchObject({ code: 'malformed_request', detail: expect.stringContaining('hash') })
  })
})
