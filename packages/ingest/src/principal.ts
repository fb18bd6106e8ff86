/** Who a batch comes from, as the route handler has proven it. The tenant is never taken from the batch. */
export type Principal =
  | { kind: 'visitor'; tenantId: string; clientId: string }
  /** `role` as the membership has it: one of better-auth's, or several with commas. */
  | { kind: 'member'; tenantId: string; userId: string; role: string }

/** Id under which the ledger and the history name the principal. */
export function actorId(principal: Principal): string {
  switch (principal.kind) {
    case 'visitor':
      return principal.clientId
    case 'member':
      return principal.userId
  }
}

/** Whether the principal looks after the workspace: its owner, or who was made an administrator. */
export function isAdministrator(principal: Principal): boolean {
  switch (principal.kind) {
    case 'visitor':
      return false
    case 'member':
      return principal.role.split(',').some((role) => ['owner', 'admin'].includes(role.trim()))
  }
}
