import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NOBODY_FRESH_FOR_MS, TENANT_FRESH_FOR_MS, TenantsOfHosts } from './tenants-of-hosts.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** A table of hosts that counts how often it is asked. */
function hostTable(hosts: Record<string, string>) {
  const table = { hosts, isAway: false, asked: [] as string[] }
  const lookUp = async (host: string) => {
    table.asked.push(host)
    if (table.isAway) throw new Error('no database')
    return table.hosts[host]
  }
  return Object.assign(table, { lookUp })
}

test('a host is looked up once for requests of the same moment and of the next seconds', async () => {
  const table = hostTable({ 'acme.localhost': 'acme' })
  const tenants = new TenantsOfHosts(table.lookUp)
  const together = [tenants.find('acme.localhost'), tenants.find('acme.localhost')]
  expect(await Promise.all(together)).toEqual(['acme', 'acme'])
  vi.advanceTimersByTime(TENANT_FRESH_FOR_MS - 1)
  expect(await tenants.find('acme.localhost')).toBe('acme')
  expect(table.asked).toHaveLength(1)
})

test('a host that moved belongs to its new tenant soon', async () => {
  const table = hostTable({ 'shop.test': 'acme' })
  const tenants = new TenantsOfHosts(table.lookUp)
  await tenants.find('shop.test')
  table.hosts['shop.test'] = 'lumen'
  vi.advanceTimersByTime(TENANT_FRESH_FOR_MS)
  expect(await tenants.find('shop.test')).toBe('lumen')
})

test('a site that is new is found sooner than one that moved', async () => {
  const table = hostTable({})
  const tenants = new TenantsOfHosts(table.lookUp)
  expect(await tenants.find('new.localhost')).toBeUndefined()
  table.hosts['new.localhost'] = 'new'
  expect(await tenants.find('new.localhost')).toBeUndefined()
  vi.advanceTimersByTime(NOBODY_FRESH_FOR_MS)
  expect(await tenants.find('new.localhost')).toBe('new')
})

test('a database that was away is asked again at once', async () => {
  const table = hostTable({ 'acme.localhost': 'acme' })
  const tenants = new TenantsOfHosts(table.lookUp)
  table.isAway = true
  await expect(tenants.find('acme.localhost')).rejects.toThrow('no database')
  table.isAway = false
  expect(await tenants.find('acme.localhost')).toBe('acme')
})

test('hosts that somebody makes up do not grow the memory', async () => {
  const table = hostTable({ 'acme.localhost': 'acme' })
  const tenants = new TenantsOfHosts(table.lookUp, 3)
  for (const host of ['acme.localhost', 'a.test', 'b.test', 'c.test']) await tenants.find(host)
  await tenants.find('acme.localhost')
  expect(table.asked.filter((host) => host === 'acme.localhost')).toHaveLength(2)
})
