import * as z from 'zod'
import { cleanText } from './clean-text.ts'
import { LIMITS } from './limits.ts'

/** Names of the hidden fields that say where a visitor came from. */
export const ATTRIBUTION_FIELDS = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'gclid',
  'fbclid',
  'page_url',
  'landing_page',
  'referrer',
] as const

export type AttributionField = (typeof ATTRIBUTION_FIELDS)[number]
export type Attribution = Partial<Record<AttributionField, string>>

/** Too long a value is cut, not refused: no lead is lost to a tracking parameter. */
const value = z.string().transform((text) => cleanText(text).slice(0, LIMITS.attributionLength))

export const attribution = z.object(
  Object.fromEntries(ATTRIBUTION_FIELDS.map((name) => [name, value.optional()])) as Record<
    AttributionField,
    z.ZodOptional<typeof value>
  >,
)
