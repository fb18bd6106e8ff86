import { ownerUrl } from './env.ts'
import { migrate } from './migrate.ts'

// `pnpm db:migrate`: brings a database of yours up to date, before the new version of the app starts.
try {
  await migrate(ownerUrl())
  console.log('The schema is up to date.')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
