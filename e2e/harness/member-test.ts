import { DashboardPage } from './dashboard-page.ts'
import { test as base } from './test.ts'

/** With another member of the same workspace, who is signed in at another device. */
export const test = base.extend<{ colleague: DashboardPage }>({
  colleague: async ({ browser, database }, use) => {
    const email = 'sam@acme.test'
    const leave = await database.addColleague('acme', email)
    const context = await browser.newContext()
    const colleague = new DashboardPage(await context.newPage())
    await colleague.signIn('acme', email)
    await use(colleague)
    await context.close()
    await leave()
  },
})
