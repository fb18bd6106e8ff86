export const MEASURES = ['submit', 'drain', 'ingest', 'poison', 'growth', 'sync', 'live', 'shapes', 'local-db'] as const
export type MeasureName = (typeof MEASURES)[number]
