/** What a run counts. Every write that was called saved is in exactly one of the last five, or it is lost. */
export interface Tally {
  /** Writes of which a person, or the caller, was told that they are saved. */
  acknowledged: number
  /** Of those: the server holds their effect. */
  delivered: number
  /** Of those: rejected, and standing before a person with everything that was written. */
  dead: number
  /** Of those: still queued at the end, and shown as waiting. */
  waiting: number
  /** Of those: taken off the device by its person (data of the site cleared, profile deleted) before they went. */
  erased: number
  /** Effects beyond the first. */
  duplicated: number
  lost: number
  /** Readings or writes across tenants or devices, and personal data found where there must be none. */
  leaked: number
}

export const EMPTY_TALLY: Tally = {
  acknowledged: 0,
  delivered: 0,
  dead: 0,
  waiting: 0,
  erased: 0,
  duplicated: 0,
  lost: 0,
  leaked: 0,
}

export function addTallies(sum: Tally, more: Tally): Tally {
  return {
    acknowledged: sum.acknowledged + more.acknowledged,
    delivered: sum.delivered + more.delivered,
    dead: sum.dead + more.dead,
    waiting: sum.waiting + more.waiting,
    erased: sum.erased + more.erased,
    duplicated: sum.duplicated + more.duplicated,
    lost: sum.lost + more.lost,
    leaked: sum.leaked + more.leaked,
  }
}

/** One run: its numbers, and everything that went wrong in words. A run without findings is a good one. */
export interface RunResult {
  tally: Tally
  findings: string[]
}

/** Findings that follow from the numbers alone, whatever the run itself noticed. */
export function findingsOf(tally: Tally): string[] {
  const accounted = tally.delivered + tally.dead + tally.waiting + tally.erased + tally.lost
  return [
    ...(tally.lost > 0 ? [`${tally.lost} lost`] : []),
    ...(tally.duplicated > 0 ? [`${tally.duplicated} duplicated`] : []),
    ...(tally.leaked > 0 ? [`${tally.leaked} leaked`] : []),
    ...(accounted === tally.acknowledged ? [] : [`${tally.acknowledged} acknowledged, ${accounted} accounted for`]),
  ]
}
