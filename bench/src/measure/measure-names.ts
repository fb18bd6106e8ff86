export const MEASURES = ['submit', 'drain', 'ingest', 'poison', 'growth'] as const
export type MeasureName = (typeof MEASURES)[number]
