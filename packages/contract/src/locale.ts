import * as z from 'zod'

/** Languages that the form, the receipts and the answer pages speak. */
export const LOCALES = ['en', 'ar'] as const
export const locale = z.enum(LOCALES)
export type Locale = z.output<typeof locale>

/** Writing direction, as the HTML attribute `dir` takes it. */
export function directionOf(language: Locale): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr'
}
