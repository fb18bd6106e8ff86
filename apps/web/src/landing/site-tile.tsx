import { directionOf } from '@landfall/contract'
import type { DemoTenant } from '@landfall/database/demo-tenants'
import { ArrowIcon } from '@landfall/ui'
import type { CSSProperties } from 'react'

/** One demo site in its own colours. */
export function SiteTile({ tenant, href }: { tenant: DemoTenant; href: string }) {
  const { business, locale, theme } = tenant.site
  const style = { '--tile': theme.light.accent, '--on-tile': theme.light.onAccent } as CSSProperties
  return (
    <li>
      <a className="site-tile" href={href} style={style} lang={locale} dir={directionOf(locale)}>
        <span className="site-tile-initial" aria-hidden="true">
          {business.initial}
        </span>
        <span className="site-tile-text">
          <b>{business.name}</b>
          <span>{business.tagline}</span>
        </span>
        <span className="site-tile-host">
          <bdi dir="ltr">{new URL(href).host}</bdi>
          <ArrowIcon />
        </span>
      </a>
    </li>
  )
}
