import { LIMITS } from '@landfall/contract'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { captureAttribution } from './capture-attribution.ts'

let stored: Map<string, string>

function visit(href: string, referrer = '') {
  vi.stubGlobal('location', { href, origin: new URL(href).origin })
  vi.stubGlobal('document', { referrer })
}

beforeEach(() => {
  stored = new Map()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  })
})
afterEach(() => vi.unstubAllGlobals())

test('the campaign of the first page counts three pages on', () => {
  visit('https://acme.test/?utm_source=letter', 'https://search.test/')
  captureAttribution()
  visit('https://acme.test/contact', 'https://acme.test/')
  expect(captureAttribution()).toEqual({
    utm_source: 'letter',
    page_url: 'https://acme.test/contact',
    landing_page: 'https://acme.test/?utm_source=letter',
    referrer: 'https://search.test/',
  })
})

test('an address of any length makes no lead too large to be taken', () => {
  visit(`https://acme.test/?utm_term=${'x'.repeat(70_000)}`)
  for (const value of Object.values(captureAttribution())) expect(value.length).toBe(LIMITS.attributionLength)
})

test.each(['null', '{}', '{"url":7}', 'no JSON'])('a landing page remembered as %s costs no lead', (text) => {
  stored.set('lf:landing', text)
  visit('https://acme.test/')
  expect(captureAttribution()).toMatchObject({ landing_page: 'https://acme.test/' })
})
