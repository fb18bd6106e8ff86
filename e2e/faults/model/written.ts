import type { Outbox } from '@landfall/outbox'
import { type SeededRandom, uuidAt } from '../seeded-random.ts'
import type { WriteKind } from './plan.ts'

/** One write of a run, from its submit to what became of it. */
export interface Written {
  /** Stands in its payload and nowhere else; personal data, as far as leaks are counted. */
  mark: string
  entityId: string
  opId: string
  isPoisoned: boolean
  groupId: string | undefined
  /** The write on the same row before it. */
  after: Written | undefined
  /** Its caller was told that it is saved. */
  isAcknowledged: boolean
  /** Its caller was told that it is not. */
  isRefused: boolean
  isDiscarded: boolean
  /** A person sent the letter again, later than it was written. */
  isResent: boolean
  isErased: boolean
}

const LARGE_TEXT = 'A long story. '.repeat(4_000)

type NewWrite = Parameters<Outbox['enqueue']>[number]

/** Writes by kind, with ids and marks of the run's own. */
export function compose(
  kind: WriteKind,
  earlier: readonly Written[],
  random: SeededRandom,
  nowMs: number,
): { written: Written; write: NewWrite }[] {
  const last = (predicate: (candidate: Written) => boolean) => earlier.filter(predicate).at(-1)
  const onRowOf = kind === 'amend' ? last((one) => one.isAcknowledged && !one.groupId && !one.isErased) : undefined
  const groupId = kind === 'group' || kind === 'poisoned-group' ? uuidAt(nowMs, random) : undefined
  const count = groupId ? 3 : 1
  return Array.from({ length: count }, (_, index) => {
    const isPoisoned = kind === 'poisoned' || (kind === 'poisoned-group' && index === 1)
    const written: Written = {
      mark: `Mark-${earlier.length + index}-${Math.floor(random.next() * 2 ** 32).toString(36)}`,
      entityId: onRowOf?.entityId ?? uuidAt(nowMs, random),
      opId: '',
      isPoisoned,
      groupId,
      after: onRowOf,
      isAcknowledged: false,
      isRefused: false,
      isDiscarded: false,
      isResent: false,
      isErased: false,
    }
    const write: NewWrite = {
      entity: 'lead',
      action: onRowOf ? 'update' : 'insert',
      entityId: written.entityId,
      ...(groupId && { groupId }),
      formVersion: 1,
      label: 'Ask us',
      payload: { mark: written.mark, isPoisoned, ...(kind === 'large' && { text: LARGE_TEXT }) },
    }
    return { written, write }
  })
}
