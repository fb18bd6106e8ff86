export { corsHeaders, preflight, SHAPE_METHODS } from './cors-headers.ts'
export { measureSyncLag, type SyncLag, type SyncLagOptions } from './measure-sync-lag.ts'
export { type ProxyShapeOptions, proxyShape } from './proxy-shape.ts'
export { type ShapeDefinition, type ShapeReader, shapeFor } from './shape-definitions.ts'
