import { afterEach, describe, expect, test, vi } from 'vitest'
import { postDirectly } from './post-directly.ts'

const action = 'https://acme.example/api/forms/f_1'

/** A form of the browser as far as a post reads it. */
class FormOfBrowser extends URLSearchParams {
  constructor() {
    super({ lf_submission: 'the-id', name: 'Ada' })
  }
}

function answer(status: number, more: Partial<Pick<Response, 'redirected' | 'url'>> = {}) {
  return { status, ok: status < 300, redirected: false, url: action, ...more } as Response
}

describe('a direct post', () => {
  afterEach(() => vi.unstubAllGlobals())
  const post = (send: typeof fetch) => {
    vi.stubGlobal('FormData', FormOfBrowser)
    return postDirectly({ form: {} as HTMLFormElement, action, attribution: { utm_source: 'radio' }, fetch: send })
  }

  test('carries what stands in the form and where the visitor came from', async () => {
    const bodies: string[] = []
    await post(async (_, init) => {
      bodies.push(String(init?.body))
      return answer(200, { redirected: true, url: 'https://acme.example/sent' })
    })
    expect(bodies).toEqual(['lf_submission=the-id&name=Ada&lf_at_utm_source=radio'])
  })

  test.each<[string, Response, unknown]>([
    ['a page of thanks', answer(200, { redirected: true, url: 'https://acme.example/sent' }), { kind: 'stored' }],
    ['a portal without a redirect', answer(200), { kind: 'not-sent', failure: 'failed' }],
    [
      'a portal elsewhere',
      answer(200, { redirected: true, url: 'https://login.example/' }),
      { kind: 'not-sent', failure: 'failed' },
    ],
    ['422', answer(422), { kind: 'refused' }],
    ['429', answer(429), { kind: 'not-sent', failure: 'busy' }],
    ['408', answer(408), { kind: 'not-sent', failure: 'failed' }],
    ['503', answer(503), { kind: 'not-sent', failure: 'failed' }],
  ])('that is answered by %s', async (_, response, expected) => {
    expect(await post(async () => response)).toEqual(expected)
  })

  test('that reaches nobody says so', async () => {
    const nobody = async () => {
      throw new TypeError('Failed to fetch')
    }
    expect(await post(nobody)).toEqual({ kind: 'not-sent', failure: 'unreachable' })
  })
})
