/** Who a batch comes from, as the route handler has proven it. The tenant is never taken from the batch. */
export type Principal =
  | { kind: 'visitor'; tenantId: string; clientId: string }
  | { kind: 'member'; tenantId: string; userId: string }

/** Id under which the ledger and the history name the principal. */
export function actorId(principal: Principal): string {
  switch (principal.kind) {
    case 'visitor':
      return principal.clientId
    case 'member':
      return principal.userId
  }
}
