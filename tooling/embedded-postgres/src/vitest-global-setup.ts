import type { TestProject } from 'vitest/node'
import { startTestPostgres } from './testing.ts'

/** One throw-away Postgres for all test files of a package; each file makes a database of its own in it. */
export default async function setup(project: TestProject) {
  const server = await startTestPostgres()
  project.provide('postgresUrl', server.url())
  return () => server.stop()
}
