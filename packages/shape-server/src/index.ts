export type { Log, LogLevel, LogLine } from './log.ts'
export { type ShapeServer, type ShapeServerOptions, startShapeServer } from './shape-server.ts'
