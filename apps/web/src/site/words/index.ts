import type { Locale } from '@landfall/contract'
import { ar } from './ar.ts'
import { en } from './en.ts'
import type { Words } from './words.ts'

const WORDS: Record<Locale, Words> = { en, ar }

export function wordsFor(locale: Locale): Words {
  return WORDS[locale]
}

export type { Words } from './words.ts'
