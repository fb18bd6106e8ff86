import type { SiteContent } from '@landfall/contract'
import { wordsFor } from '../words/index.ts'

/** Links to the parts of the site, in the order of the page; sections without content are left out. */
export function siteLinks(content: SiteContent): { href: string; label: string }[] {
  const { nav } = content
  return [
    { href: '/#services', label: nav.services },
    { href: '/#about', label: nav.about },
    ...(content.testimonials.items.length > 0 ? [{ href: '/#reviews', label: nav.reviews }] : []),
    ...(content.faq.items.length > 0 ? [{ href: '/#questions', label: nav.questions }] : []),
    { href: '/enquiries', label: wordsFor(content.locale).enquiries.title },
  ]
}
