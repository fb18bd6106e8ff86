const UNITS = [
  { unit: 'gigabyte', size: 1e9 },
  { unit: 'megabyte', size: 1e6 },
  { unit: 'kilobyte', size: 1e3 },
] as const

/** `12.4 MB`; a dash for what is not known. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const { unit, size } = UNITS.find((candidate) => value >= candidate.size) ?? UNITS[2]
  const digits = value / size < 10 ? 1 : 0
  return new Intl.NumberFormat('en', { style: 'unit', unit, maximumFractionDigits: digits }).format(value / size)
}
