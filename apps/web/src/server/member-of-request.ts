import { ProblemError } from '@landfall/contract'
import { roleOf } from '@landfall/database'
import { z } from 'zod'
import { auth } from './auth.ts'
import { databases } from './databases.ts'
import { requireDashboardHost } from './request-host.ts'

export interface Member {
  kind: 'member'
  tenantId: string
  userId: string
  role: string
}

/**
 * The signed-in person as a member of the workspace that the path names. The path only chooses among the memberships;
 * without one there is nothing here.
 */
export async function memberOfRequest(request: Request, tenantId: string): Promise<Member> {
  requireDashboardHost(request)
  const session = await auth().api.getSession({ headers: request.headers })
  if (!session) throw new ProblemError('not_signed_in')
  const isWorkspace = z.uuid().safeParse(tenantId).success
  const role = isWorkspace ? await roleOf(databases().auth, session.user.id, tenantId) : undefined
  if (role === undefined) throw new ProblemError('not_allowed', 'You are not a member of this workspace.')
  return { kind: 'member', tenantId, userId: session.user.id, role }
}
