import type { HeroStyle } from '@landfall/contract'
import { ArrowIcon, CheckIcon, PhoneIcon } from '@landfall/ui'
import type { ComponentType } from 'react'
import { BridgesArt } from '../heroes/bridges-art.tsx'
import { RooflineArt } from '../heroes/roofline-art.tsx'
import { WindowsArt } from '../heroes/windows-art.tsx'
import type { Site } from '../site.ts'

const ART: Record<HeroStyle, ComponentType> = {
  roofline: RooflineArt,
  windows: WindowsArt,
  bridges: BridgesArt,
}

export function Hero({ site }: { site: Site }) {
  const { hero, contact, theme } = site.content
  const Art = ART[theme.hero]
  return (
    <section className="hero" aria-labelledby="hero-title">
      <div className="site-width hero-text">
        <p className="hero-eyebrow">{hero.eyebrow}</p>
        <h1 id="hero-title">{hero.title}</h1>
        <p className="hero-lead">{hero.text}</p>
        <div className="hero-actions">
          <a className="ui-button hero-cta" href="#contact">
            {hero.cta}
            <ArrowIcon />
          </a>
          <a className="ui-button" data-variant="secondary" href={`tel:${contact.phone.dial}`}>
            <PhoneIcon />
            <bdi dir="ltr">{contact.phone.display}</bdi>
          </a>
        </div>
        {hero.points.length > 0 ? (
          <ul className="hero-points">
            {hero.points.map((point) => (
              <li key={point}>
                <CheckIcon />
                {point}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      <div className="hero-art">
        <Art />
      </div>
    </section>
  )
}
