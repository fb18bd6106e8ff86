import { EmptyState, Logo } from '@landfall/ui'

export const metadata = { title: 'Offline' }

/** What the service worker answers when a page of the dashboard was never on this device. */
export default function OfflinePage() {
  return (
    <main className="dash-login">
      <EmptyState title="You are offline" icon={<Logo />}>
        This page was not opened on this device before. The leads that were are still here.
      </EmptyState>
    </main>
  )
}
