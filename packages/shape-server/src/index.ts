export type { Log, LogLevel, LogLine } from './log.ts'
export { DatabaseSetupError } from './replication/setup-error.ts'
export { type ShapeServer, type ShapeServerOptions, startShapeServer } from './shape-server.ts'
