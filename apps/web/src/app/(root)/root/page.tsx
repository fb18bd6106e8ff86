import { demoTenants } from '@landfall/database/demo-tenants'
import { Logo } from '@landfall/ui'
import { headers } from 'next/headers'
import { LandingArt } from '#/landing/landing-art.tsx'
import { SiteTile } from '#/landing/site-tile.tsx'
import { DASHBOARD_LABEL } from '#/route-by-host.ts'
import { siteOrigin } from '#/site/site-origin.ts'

export default async function LandingPage() {
  const origin = siteOrigin(await headers())
  const at = (label: string) => `${origin.protocol}//${label}.${origin.host}/`
  return (
    <div className="landing">
      <header className="landing-bar">
        <Logo />
        <a href={at(DASHBOARD_LABEL)}>Dashboard</a>
      </header>
      <main>
        <section className="landing-hero">
          <h1>
            <span>The form was sent. </span>
            <span>The network was gone. </span>
            <span>The lead arrived.</span>
          </h1>
          <p>
            Landfall runs the sites of many businesses from one app. A form saves on the visitor’s device first and
            leaves it only when the server has answered for it, so a tunnel, a closed tab or a restart in between costs
            nothing. Visitors see where their enquiry is; the business sees it appear.
          </p>
          <a className="ui-button" href={at(DASHBOARD_LABEL)}>
            Open the dashboard
          </a>
          <LandingArt />
        </section>
        <section className="landing-sites" aria-labelledby="sites-title">
          <h2 id="sites-title">Three sites to try it on</h2>
          <ul>
            {demoTenants.map((tenant) => (
              <SiteTile key={tenant.id} tenant={tenant} href={at(tenant.slug)} />
            ))}
          </ul>
        </section>
      </main>
      <footer className="landing-foot">
        <p>Go offline, send a form, come back: the enquiry goes out by itself, once.</p>
      </footer>
    </div>
  )
}
