/** A number in three significant figures, with the thousands set off. */
export function figure(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export const milliseconds = (value: number): string => `${figure(value)} ms`

export const times = (value: number): string => `${figure(value)}×`

export const percent = (share: number): string => `${Math.round(share * 100)} %`
