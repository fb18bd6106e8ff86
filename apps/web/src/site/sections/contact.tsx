import type { ReactNode } from 'react'
import type { Site } from '../site.ts'
import { ContactDetails } from './contact-details.tsx'

/** What the tenant can be reached by, beside the form. */
export function Contact({ site, children }: { site: Site; children: ReactNode }) {
  const { formSection } = site.content
  return (
    <section className="section contact" id="contact" aria-labelledby="contact-title">
      <div className="site-width contact-columns">
        <div className="contact-intro">
          <h2 id="contact-title">{formSection.title}</h2>
          <p className="contact-text">{formSection.text}</p>
          <ContactDetails site={site} />
        </div>
        <div className="contact-form">{children}</div>
      </div>
    </section>
  )
}
