import * as z from 'zod'
import { contrast, READABLE_CONTRAST } from './contrast.ts'

const colour = z.string().regex(/^#[0-9a-f]{6}$/)

/** Colours that carry text on each other: a tenant cannot publish a site that nobody can read. */
const READ_ON = [
  ['text', 'canvas'],
  ['text', 'surface'],
  ['muted', 'canvas'],
  ['muted', 'surface'],
  ['accent', 'canvas'],
  ['accent', 'surface'],
  ['onAccent', 'accent'],
] as const

export const palette = z
  .object({
    canvas: colour,
    surface: colour,
    text: colour,
    muted: colour,
    accent: colour,
    onAccent: colour,
    /** For shapes only, so it may be any colour. */
    spot: colour,
  })
  .superRefine((colours, context) => {
    for (const [ink, paper] of READ_ON) {
      const ratio = contrast(colours[ink], colours[paper])
      if (ratio < READABLE_CONTRAST) {
        context.addIssue({
          code: 'custom',
          path: [ink],
          message: `${ink} on ${paper} has a contrast of ${ratio.toFixed(1)}, and text needs ${READABLE_CONTRAST}`,
        })
      }
    }
  })
export type Palette = z.output<typeof palette>

/** Pairs of typefaces that the app serves itself. */
export const TYPEFACES = ['archivo', 'fraunces-figtree', 'readex-pro', 'inter'] as const
/** Shape of corners. */
export const CORNERS = ['sharp', 'soft', 'round'] as const
/** How the top of the page is laid out and drawn. */
export const HERO_STYLES = ['roofline', 'windows', 'bridges'] as const

export type Typeface = (typeof TYPEFACES)[number]
export type Corners = (typeof CORNERS)[number]
export type HeroStyle = (typeof HERO_STYLES)[number]

export const siteTheme = z.object({
  light: palette,
  dark: palette,
  typeface: z.enum(TYPEFACES),
  corners: z.enum(CORNERS),
  hero: z.enum(HERO_STYLES),
})
export type SiteTheme = z.output<typeof siteTheme>
