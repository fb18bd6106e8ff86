import { ButtonLink, EmptyState, Logo } from '@landfall/ui'

export const metadata = { title: 'Removed from this device' }

/** Where a workspace's pages go once nothing of it is on the device. */
export default function RemovedPage() {
  return (
    <main className="dash-login">
      <EmptyState
        title="Removed from this device"
        icon={<Logo />}
        action={<ButtonLink href="/">Open it again</ButtonLink>}
      >
        Nothing of the workspace is kept here any more. It is all on the server.
      </EmptyState>
    </main>
  )
}
