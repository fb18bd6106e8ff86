import { demoTenants } from '@landfall/database/demo-tenants'
import type { Page } from '@playwright/test'
import { addresses } from '../harness/addresses.ts'
import { send } from '../harness/raw-request.ts'
import { expect, test } from '../harness/test.ts'
import { newVisitorDevice } from '../harness/visitor-device.ts'

const [acme, lumen] = demoTenants
if (!acme || !lumen) throw new Error('the demo has at least two tenants')

interface Read {
  status: number
  text: string
}

/** As a page reads that leaves caching to the browser. */
const read = (page: Page, path: string, headers: Record<string, string> = {}): Promise<Read> =>
  page.evaluate(
    async ([address, given]) => {
      const answer = await fetch(address, { headers: given })
      return { status: answer.status, text: await answer.text() }
    },
    [path, headers] as const,
  )

// The board itself would keep asking, and rows of it stand in no cache: what is read here is read by the address.
const LEADS = (tenantId: string) => `/api/workspaces/${tenantId}/shapes/leads?offset=-1`

test('what a member read is in no cache for whoever uses the browser next', async ({ dashboard, database, person }) => {
  const device = newVisitorDevice()
  const body = device.batch(device.insertLead(person.name))
  await send(`acme.localhost:${addresses().port}`, '/api/sync/batch', { headers: device.proof, body })
  expect(await database.leadsOf(person.name)).toHaveLength(1)
  const { page } = dashboard
  await dashboard.signIn('acme')
  for (const _ of ['once', 'again']) {
    const own = await read(page, LEADS(acme.id))
    expect(own.status).toBe(200)
  }
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(await read(page, LEADS(acme.id))).toMatchObject({ status: 401 })

  await dashboard.signIn('lumen')
  const refused = await read(page, LEADS(acme.id))
  expect(refused.status).toBe(403)
  expect(refused.text).not.toContain(person.name)
  const own = await read(page, LEADS(lumen.id))
  expect(own.status).toBe(200)
  expect(own.text).not.toContain(person.name)
})

test('the same address is each device’s own, and each site’s own', async ({ page, person }) => {
  const host = `acme.localhost:${addresses().port}`
  const devices = [newVisitorDevice(), newVisitorDevice()]
  const leads: string[] = []
  for (const device of devices) {
    const lead = device.insertLead(person.name)
    leads.push(lead.entityId)
    await send(host, '/api/sync/batch', { headers: device.proof, body: device.batch(lead) })
  }
  const [first, second] = devices
  if (!first || !second) throw new Error('there are two devices')
  const path = '/api/shapes/receipts?offset=-1'
  await page.goto(`http://${host}/`)
  // The shape of a device is made at its first request; what it holds is of then.
  expect((await read(page, path, first.proof)).text).toContain(leads[0])
  expect((await read(page, path, first.proof)).text).toContain(leads[0])
  const other = await read(page, path, second.proof)
  expect(other.text).toContain(leads[1])
  expect(other.text).not.toContain(leads[0])
  expect(await read(page, path)).toMatchObject({ status: 401 })

  await page.goto(`http://lumen.localhost:${addresses().port}/`)
  expect(await read(page, path, first.proof)).toMatchObject({ status: 401 })
})
