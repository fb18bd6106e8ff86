import { Logo } from '@landfall/ui'

/** What a host without a site answers. */
export function NoSite() {
  return (
    <main className="plain-page">
      <Logo />
      <h1>There is no site at this address</h1>
      <p>Either it has not been set up yet, or the address has a slip in it. Nothing is wrong with your device.</p>
    </main>
  )
}
