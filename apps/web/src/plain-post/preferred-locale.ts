import { LOCALES, type Locale } from '@landfall/contract'

/** The first of our languages that the browser lists, for a page that knows no site. Browsers list the preferred first. */
export function preferredLocale(acceptLanguage: string | null): Locale {
  const listed = (acceptLanguage ?? '').split(',').map((range) => range.trim().slice(0, 2).toLowerCase())
  return listed.flatMap((language) => LOCALES.find((locale) => locale === language) ?? [])[0] ?? 'en'
}
