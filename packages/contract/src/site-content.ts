import * as z from 'zod'
import { locale } from './locale.ts'
import { siteTheme } from './site-theme.ts'

const line = z.string().trim().min(1).max(160)
const paragraph = z.string().trim().min(1).max(1_000)

const titled = { title: line, text: paragraph.optional() }

const contact = z.object({
  phone: z.object({
    /** As people read it. */
    display: line,
    /** As a telephone dials it. */
    dial: z.string().regex(/^\+\d{6,15}$/),
  }),
  email: z.email(),
  address: z.array(line).min(1).max(5),
  hours: z.array(z.object({ days: line, time: line })).max(7),
})

/** Everything a tenant says on its site, and how the site looks. Labels that all sites share are not content. */
export const siteContent = z.object({
  locale,
  business: z.object({
    name: line,
    /** What goes with the name: trade and place. */
    tagline: line,
    /** One or two letters for the mark. */
    initial: z.string().min(1).max(2),
  }),
  theme: siteTheme,
  contact,
  nav: z.object({ services: line, about: line, reviews: line, questions: line, contact: line }),
  hero: z.object({
    eyebrow: line,
    title: line,
    text: paragraph,
    cta: line,
    /** Short proofs under the call to action. */
    points: z.array(line).max(4).default([]),
  }),
  services: z.object({
    ...titled,
    items: z
      .array(
        z.object({
          title: line,
          text: paragraph,
          /** Price, length or level: the fact people look for. */
          detail: line.optional(),
          /** A letter or short sign that stands for it. */
          mark: z.string().min(1).max(4).optional(),
        }),
      )
      .min(1)
      .max(12),
  }),
  about: z.object({
    title: line,
    paragraphs: z.array(paragraph).min(1).max(4),
    steps: z.object({ title: line, items: z.array(z.object({ title: line, text: paragraph })).max(6) }),
  }),
  testimonials: z.object({
    title: line,
    items: z.array(z.object({ quote: paragraph, name: line, role: line })).max(6),
  }),
  faq: z.object({
    title: line,
    items: z.array(z.object({ question: line, answer: paragraph })).max(12),
  }),
  formSection: z.object({ title: line, text: paragraph }),
  footer: z.object({ text: paragraph, legal: line }),
  metadata: z.object({ title: line, description: z.string().trim().min(1).max(200) }),
})
export type SiteContent = z.output<typeof siteContent>
export type SiteContentInput = z.input<typeof siteContent>
