import { ProblemError } from '@landfall/contract'

/** Whose limit it is. */
export const LIMIT_SCOPES = ['device', 'address', 'tenant'] as const
export type LimitScope = (typeof LIMIT_SCOPES)[number]

/** Too much at once: the problem `too_many_requests`, and the limit that has to be waited for longest. */
export class LimitRefusal extends ProblemError {
  override name = 'LimitRefusal'
  readonly scope: LimitScope

  constructor(scope: LimitScope, retryAfterMs: number) {
    super('too_many_requests', 'Nothing is lost: send the same again later.', { retryAfterMs })
    this.scope = scope
  }
}
