export const MEASURES = ['submit', 'drain', 'ingest', 'poison', 'growth', 'sync', 'live', 'shapes'] as const
export type MeasureName = (typeof MEASURES)[number]
