import { afterEach, expect, test, vi } from 'vitest'
import { forgetPages } from './register.ts'

afterEach(() => vi.unstubAllGlobals())

test('who leaves takes their pages along, and the one that says there is no network stays', async () => {
  const kept = new Set(['https://app.test/', 'https://app.test/w/acme', 'https://app.test/offline'])
  const cache = {
    keys: async () => [...kept].map((url) => ({ url })),
    delete: async ({ url }: { url: string }) => kept.delete(url),
  }
  vi.stubGlobal('location', { origin: 'https://app.test' })
  vi.stubGlobal('caches', { open: async () => cache, delete: async () => kept.clear() })
  await forgetPages()
  expect([...kept]).toEqual(['https://app.test/offline'])
})
