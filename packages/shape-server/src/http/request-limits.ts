/** How many requests may be in work: those that may begin a shape or read the database, and all others. */
export interface RequestLimits {
  initial: number
  existing: number
}

export const REQUEST_LIMITS: RequestLimits = { initial: 300, existing: 10_000 }
