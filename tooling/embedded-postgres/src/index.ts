export { freePort, isPortFree } from './port.ts'
export { type PostgresOptions, PostgresStartError, type RunningPostgres, startPostgres } from './server.ts'
export { createTestDatabase, startTestPostgres, type TestDatabase } from './testing.ts'
