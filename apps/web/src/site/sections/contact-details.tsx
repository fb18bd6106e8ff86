import { ClockIcon, MailIcon, PhoneIcon, PinIcon } from '@landfall/ui'
import type { ReactNode } from 'react'
import type { Site } from '../site.ts'
import { wordsFor } from '../words/index.ts'

function Row({ icon, label, children }: { icon: ReactNode; label: string; children: ReactNode }) {
  return (
    <div className="contact-row">
      <dt>
        {icon}
        {label}
      </dt>
      <dd>{children}</dd>
    </div>
  )
}

export function ContactDetails({ site }: { site: Site }) {
  const { contact, locale } = site.content
  const words = wordsFor(locale)
  return (
    <dl className="contact-details">
      <Row icon={<PhoneIcon />} label={words.phone}>
        <a href={`tel:${contact.phone.dial}`}>
          <bdi dir="ltr">{contact.phone.display}</bdi>
        </a>
      </Row>
      <Row icon={<MailIcon />} label={words.email}>
        <a href={`mailto:${contact.email}`}>
          <bdi dir="ltr">{contact.email}</bdi>
        </a>
      </Row>
      <Row icon={<PinIcon />} label={words.address}>
        {contact.address.map((line) => (
          <span className="contact-line" key={line}>
            {line}
          </span>
        ))}
      </Row>
      {contact.hours.length > 0 ? (
        <Row icon={<ClockIcon />} label={words.hours}>
          {contact.hours.map(({ days, time }) => (
            <span className="contact-hours" key={days}>
              <span>{days}</span>
              <span>{time}</span>
            </span>
          ))}
        </Row>
      ) : null}
    </dl>
  )
}
