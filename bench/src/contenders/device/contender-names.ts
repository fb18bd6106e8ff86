/** Ways to keep a lead on a device, by the name that the report gives them. */
export const DEVICE_CONTENDERS = [
  'raw strict put',
  'landfall',
  'one by one, by hand',
  'workbox-background-sync',
  '@tanstack/offline-transactions',
  'PGlite on idb',
] as const

export type DeviceContender = (typeof DEVICE_CONTENDERS)[number]

/** Those that deliver too. */
export type DrainContender = Exclude<DeviceContender, 'raw strict put' | 'PGlite on idb'>
