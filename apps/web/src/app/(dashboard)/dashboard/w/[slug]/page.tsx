import { WorkspacePage } from '#/dashboard/workspace-page.tsx'

export default async function NamedWorkspacePage({ params }: { params: Promise<{ slug: string }> }) {
  return <WorkspacePage slug={(await params).slug} />
}
