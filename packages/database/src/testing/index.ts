import { randomUUID } from 'node:crypto'
import { type FormDefinition, formDefinition } from '@landfall/contract'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { type AppDatabase, connect, connectForAuth } from '../connection.ts'
import { migrate, setAppPassword } from '../migrate.ts'
import * as schema from '../schema/index.ts'

const APP_PASSWORD = 'app-of-the-tests'

export interface TestTenant {
  id: string
  slug: string
  form: FormDefinition
}

/** A migrated database with the app's two connections, and one that no policy binds, to look behind them. */
export interface TestStack {
  app: AppDatabase
  auth: AppDatabase
  owner: AppDatabase
  addTenant(slug: string): Promise<TestTenant>
  close(): Promise<void>
}

/** @param ownerUrl an empty database, as a superuser */
export async function openTestStack(ownerUrl: string): Promise<TestStack> {
  await migrate(ownerUrl)
  await setAppPassword(ownerUrl, APP_PASSWORD)
  const url = new URL(ownerUrl)
  url.username = 'landfall_app'
  url.password = APP_PASSWORD
  const app = connect({ url: url.href, max: 10 })
  const auth = connectForAuth({ url: url.href, max: 3 })
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 3 })
  pool.on('error', () => {})
  const owner = drizzle(pool, { schema, casing: 'snake_case' })

  return {
    app,
    auth,
    owner,
    async addTenant(slug) {
      const id = randomUUID()
      const form = testForm(`f_${slug.replaceAll(/[^a-z0-9]/g, '')}0000000`.slice(0, 20))
      await owner.insert(schema.tenants).values({ id, slug, name: slug })
      await owner.insert(schema.domains).values({ kind: 'subdomain', host: slug, tenantId: id })
      await owner.insert(schema.forms).values({ id: form.formId, tenantId: id, title: form.title, currentVersion: 1 })
      await owner
        .insert(schema.formVersions)
        .values({ tenantId: id, formId: form.formId, version: 1, definition: form })
      return { id, slug, form }
    },
    async close() {
      await Promise.all([app.$client.end(), auth.$client.end(), pool.end()])
    },
  }
}

function testForm(id: string): FormDefinition {
  return formDefinition.parse({
    formId: id,
    version: 1,
    locale: 'en',
    title: 'Ask us',
    submitLabel: 'Send',
    thanks: 'Thank you.',
    fields: [
      { type: 'text', name: 'name', label: 'Name', required: true },
      { type: 'email', name: 'email', label: 'Email', required: true },
      { type: 'textarea', name: 'message', label: 'Message' },
      { type: 'consent', name: 'privacy', label: 'Privacy', required: true, text: 'You may answer me.' },
    ],
  })
}
