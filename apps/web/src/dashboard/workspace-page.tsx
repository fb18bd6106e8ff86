import { membershipsOf } from '@landfall/database'
import { EmptyState } from '@landfall/ui'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { localDbAssets } from '#/device/local-db-assets.ts'
import { auth } from '#/server/auth.ts'
import { databases } from '#/server/databases.ts'
import { ForgetOtherWorkspaces } from './forget-other-workspaces.tsx'
import { Workspace } from './workspace.tsx'

/** A workspace of the signed-in person: the one named, or the first. The page holds no lead; they come by shape. */
export async function WorkspacePage({ slug }: { slug?: string }) {
  const session = await auth().api.getSession({ headers: await headers() })
  if (!session) redirect('/sign-in')
  const memberships = await membershipsOf(databases().auth, session.user.id)
  const workspace = slug === undefined ? memberships[0] : memberships.find((membership) => membership.slug === slug)
  if (!workspace) {
    if (slug !== undefined) notFound()
    return (
      <main className="dash-login">
        <ForgetOtherWorkspaces userId={session.user.id} tenantIds={[]} />
        <EmptyState title="No workspace yet">
          You are signed in as {session.user.email}, and no business has invited you so far.
        </EmptyState>
      </main>
    )
  }
  const localDb = await localDbAssets()
  return (
    <>
      <ForgetOtherWorkspaces
        userId={session.user.id}
        tenantIds={memberships.map((membership) => membership.tenantId)}
      />
      <Workspace
        tenantId={workspace.tenantId}
        name={workspace.name}
        others={memberships.filter((membership) => membership !== workspace)}
        userId={session.user.id}
        userName={session.user.name}
        localDb={localDb}
      />
    </>
  )
}
