import type { Operation } from '@landfall/contract'
import { blameOf } from './blame.ts'
import type { OperationPath } from './events.ts'
import { type Candidate, type Effect, type Handler, type HandlerContext, rejected } from './handler.ts'
import type { ReadOperation } from './read-operations.ts'
import type { Unit } from './units.ts'

/** What became of one operation, and how. */
export interface Applied {
  operation: Operation
  effect: Effect | 'retry'
  path: OperationPath
  durationMs: number
  error?: unknown
}

/** Applies a unit; every operation of it gets an answer. It throws only when the whole transaction is lost. */
export async function applyUnit(context: HandlerContext, unit: Unit): Promise<Applied[]> {
  switch (unit.kind) {
    case 'run':
      return applyRun(context, unit.handler, unit.run)
    case 'group':
      return applyGroup(context, unit.members)
  }
}

/**
 * All in one go. When that fails the run is undone and its halves are tried, so that one poisoned operation among n
 * costs some log₂ n statements more, and only itself.
 */
async function applyRun(context: HandlerContext, handler: Handler, run: readonly Candidate[]): Promise<Applied[]> {
  const beganAtMs = performance.now()
  const path = run.length > 1 ? 'shared' : 'alone'
  try {
    const effects = await context.session.attempt(() => checkAndExecute(context, handler, run))
    const durationMs = (performance.now() - beganAtMs) / run.length
    return run.map(({ operation }, index) => ({ operation, effect: effects[index] ?? 'retry', path, durationMs }))
  } catch (error) {
    if (blameOf(error) === 'batch') throw error
    const [only] = run
    if (only && run.length === 1) {
      const durationMs = performance.now() - beganAtMs
      return [{ operation: only.operation, effect: effectOfError(error), path, durationMs, error }]
    }
    const middle = Math.ceil(run.length / 2)
    return [
      ...(await applyRun(context, handler, run.slice(0, middle))),
      ...(await applyRun(context, handler, run.slice(middle))),
    ]
  }
}

async function checkAndExecute(
  context: HandlerContext,
  handler: Handler,
  run: readonly Candidate[],
): Promise<readonly Effect[]> {
  const verdicts = await handler.check(context, run)
  const ready = verdicts.filter((verdict) => verdict.outcome === 'go').map((verdict) => verdict.ready)
  const written = ready.length > 0 ? await handler.execute(context, ready) : []
  let next = 0
  return verdicts.map((verdict) => {
    if (verdict.outcome === 'rejected') return verdict
    const effect = written[next++]
    if (!effect) throw new Error('A handler answered fewer operations than it was given.')
    return effect
  })
}

/** One after the other in one savepoint; the first that is not applied takes the rest with it. */
async function applyGroup(context: HandlerContext, members: readonly ReadOperation[]): Promise<Applied[]> {
  const beganAtMs = performance.now()
  const effects: Effect[] = []
  const answer = (effectAt: (index: number) => Applied['effect'], error?: unknown): Applied[] => {
    const durationMs = (performance.now() - beganAtMs) / members.length
    return members.map(({ operation }, index) => {
      const isFailed = error !== undefined && index === effects.length
      return { operation, effect: effectAt(index), path: 'alone', durationMs, ...(isFailed ? { error } : {}) }
    })
  }
  const fallWith = (culprit: number, effect: Effect) => (index: number) =>
    index === culprit ? effect : rejected('group_failed')
  try {
    await context.session.attempt(async () => {
      for (const member of members) {
        const effect = await applyMember(context, member)
        if (effect.outcome === 'rejected') throw new MemberRejected(effect)
        effects.push(effect)
      }
    })
    return answer((index) => effects[index] ?? 'retry')
  } catch (error) {
    if (error instanceof MemberRejected) return answer(fallWith(effects.length, error.effect))
    if (blameOf(error) === 'batch') throw error
    const effect = effectOfError(error)
    return answer(effect === 'retry' ? () => 'retry' : fallWith(effects.length, effect), error)
  }
}

async function applyMember(context: HandlerContext, member: ReadOperation): Promise<Effect> {
  if (member.kind === 'rejected') return member.effect
  const [effect] = await checkAndExecute(context, member.handler, [member.candidate])
  return effect ?? rejected('group_failed')
}

/** Ends the savepoint of a group of which one operation was rejected. */
class MemberRejected extends Error {
  readonly effect: Effect
  constructor(effect: Effect) {
    super('rejected')
    this.effect = effect
  }
}

/** Of an error that cost this one operation and not the transaction. */
function effectOfError(error: unknown): Effect | 'retry' {
  return blameOf(error) === 'operation'
    ? rejected('malformed', { detail: 'The database refuses this content.' })
    : 'retry'
}
