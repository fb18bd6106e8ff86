import { randomInt } from 'node:crypto'
import { OverloadError } from '../overload-error.ts'
import type { RequestLimits } from './request-limits.ts'
import type { ShapeRequest } from './shape-request.ts'

/** Clients that were turned away together shall not come back together. */
const RETRY_AFTER_S = { least: 1, most: 5 }

/** Which limit a request counts against. */
export function workOf({ offset, subset }: ShapeRequest): keyof RequestLimits {
  return offset.kind === 'position' && !subset ? 'existing' : 'initial'
}

/** Turns requests away before they cost anything. Whoever waits for a change does not count. */
export class Admission {
  readonly #limits: RequestLimits
  readonly #inWork: RequestLimits = { initial: 0, existing: 0 }

  constructor(limits: RequestLimits) {
    this.#limits = limits
  }

  /** Gives a place and the function that gives it back, or throws an OverloadError. */
  enter(work: keyof RequestLimits): () => void {
    if (this.#inWork[work] >= this.#limits[work]) {
      throw new OverloadError(
        `The limit of ${this.#limits[work]} ${work} requests at once is reached, please try again`,
        randomInt(RETRY_AFTER_S.least, RETRY_AFTER_S.most + 1),
      )
    }
    this.#inWork[work] += 1
    let isInside = true
    return () => {
      if (isInside) this.#inWork[work] -= 1
      isInside = false
    }
  }
}
