import { MenuIcon, PhoneIcon } from '@landfall/ui'
import type { Site } from '../site.ts'
import { TenantMark } from '../tenant-mark.tsx'
import { wordsFor } from '../words/index.ts'
import { siteLinks } from './site-links.ts'

/** Links stand twice, and each width shows one of the two: a menu for phones that needs no script, a row for the rest. */
export function SiteHeader({ site }: { site: Site }) {
  const { business, contact, locale, theme } = site.content
  const words = wordsFor(locale)
  const links = siteLinks(site.content).map((link) => (
    <li key={link.href}>
      <a href={link.href}>{link.label}</a>
    </li>
  ))
  return (
    <header className="site-header">
      <div className="site-width site-header-row">
        <a className="site-brand" href="/">
          <TenantMark initial={business.initial} corners={theme.corners} />
          <span>{business.name}</span>
        </a>
        <nav className="site-nav" aria-label={words.mainNavigation}>
          <ul>{links}</ul>
        </nav>
        <a className="site-phone" href={`tel:${contact.phone.dial}`}>
          <PhoneIcon />
          <span className="ui-hidden">{words.call} </span>
          <bdi dir="ltr">{contact.phone.display}</bdi>
        </a>
        <details className="site-menu">
          <summary>
            <MenuIcon />
            <span>{words.menu}</span>
          </summary>
          <nav aria-label={words.mainNavigation}>
            <ul>{links}</ul>
          </nav>
        </details>
      </div>
    </header>
  )
}
