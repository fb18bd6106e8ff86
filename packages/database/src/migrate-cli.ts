import { prepareElectricRole } from './electric-role.ts'
import { migrationSettings } from './env.ts'
import { migrate, setAppPassword } from './migrate.ts'
import { waitForDatabase } from './wait-for-database.ts'

// `pnpm db:migrate`: brings a database of yours up to date, before the new version of the app starts. The same again
// changes nothing.
try {
  const { ownerUrl, appPassword, electricPassword, waitMs } = migrationSettings()
  await waitForDatabase(ownerUrl, waitMs)
  await migrate(ownerUrl)
  console.log('The schema is up to date.')
  if (appPassword !== undefined) {
    await setAppPassword(ownerUrl, appPassword)
    console.log('The role landfall_app can log in.')
  }
  if (electricPassword !== undefined) {
    await prepareElectricRole(ownerUrl, electricPassword)
    console.log('The role landfall_electric can log in, and its publication holds the tables of the shapes.')
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
