import type { Site } from '../site.ts'
import { wordsFor } from '../words/index.ts'
import { siteLinks } from './site-links.ts'

export function SiteFooter({ site }: { site: Site }) {
  const { business, contact, footer, locale } = site.content
  return (
    <footer className="site-footer">
      <div className="site-width site-footer-columns">
        <div className="site-footer-about">
          <p className="site-footer-name">{business.name}</p>
          <p>{business.tagline}</p>
          <p>{footer.text}</p>
        </div>
        <ul className="site-footer-links">
          {siteLinks(site.content).map((link) => (
            <li key={link.href}>
              <a href={link.href}>{link.label}</a>
            </li>
          ))}
        </ul>
        <address className="site-footer-contact">
          <a href={`tel:${contact.phone.dial}`} aria-label={`${wordsFor(locale).call}: ${contact.phone.display}`}>
            <bdi dir="ltr">{contact.phone.display}</bdi>
          </a>
          <a href={`mailto:${contact.email}`}>
            <bdi dir="ltr">{contact.email}</bdi>
          </a>
          {contact.address.slice(1).map((line) => (
            <span key={line}>{line}</span>
          ))}
        </address>
        <p className="site-footer-legal">{footer.legal}</p>
      </div>
    </footer>
  )
}
