import { test as base } from '../harness/test.ts'
import { businessLeads } from './business-leads.ts'
import { Camera } from './camera.ts'

/** A visitor with a name that looks well in a picture. */
export const VISITOR = {
  name: 'Margaret Holroyd',
  email: 'margaret.holroyd@example.com',
  message: 'Slates have come off above the back bedroom and there is a damp patch the size of a plate.',
}

interface Fixtures {
  camera: Camera
  /** Leads of the visitor, and those of the business, go when the picture is taken. */
  cleanStage: undefined
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
  camera: async ({}, use, testInfo) => use(new Camera(testInfo.project.name)),
  cleanStage: [
    async ({ database }, use) => {
      await use(undefined)
      await database.removeLeadsOf([VISITOR.name, ...businessLeads.map((lead) => String(lead.values.name))])
    },
    { auto: true },
  ],
})

export { expect } from '../harness/test.ts'
