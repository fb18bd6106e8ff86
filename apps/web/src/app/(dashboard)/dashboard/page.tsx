import { WorkspacePage } from '#/dashboard/workspace-page.tsx'

/** The person's first workspace: the address that opens offline. */
export default function DashboardPage() {
  return <WorkspacePage />
}
