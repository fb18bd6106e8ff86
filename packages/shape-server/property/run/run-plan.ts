import type pg from 'pg'
import { quoteIdentifier } from '../../src/database.ts'
import { describeShape, type Plan } from '../plan/plan.ts'
import type { Disturbance } from '../plan/reader-plan.ts'
import { shapeParams } from '../plan/shape-plan.ts'
import { persistently } from '../world/persistently.ts'
import type { World } from '../world/world.ts'
import { differenceOf, selectShape } from './compare.ts'
import { Reader, type ReaderContext } from './reader.ts'
import { addTallies, type RunResult, type Tally } from './tally.ts'
import { write } from './writer.ts'

export interface RunOptions {
  tampering?: ReaderContext['tampering']
  /** How long readers may take to see the last commit. */
  timeoutMs: number
  /** So many of a reader's last messages stand beside its finding. */
  trail: number
}

/** Runs a plan to its end, and holds every reader against SELECT. */
export async function runPlan(
  plan: Plan,
  world: World,
  { tampering, timeoutMs, trail }: RunOptions,
): Promise<RunResult> {
  const { pool } = world
  await persistently(() => setUp(plan, pool))
  const readers = plan.readers.map((reader, index) => {
    const shape = plan.shapes[reader.shape]
    if (!shape) throw new RangeError(`there is no shape ${reader.shape}`)
    return new Reader(reader, shape, { url: world.url, name: `${plan.seed}-${index}`, tampering })
  })
  try {
    let ended = 0
    const disturb = async () => {
      for (const reader of readers) await disturbReader(reader, ended, world.url)
    }
    await disturb()
    if (plan.writersWait) {
      const signal = AbortSignal.timeout(timeoutMs)
      await Promise.all(readers.filter(({ hasStarted }) => hasStarted).map((reader) => reader.reach(0n, signal)))
    }
    const counts = await Promise.all(
      plan.writers.map((transactions) =>
        write(pool, transactions, async () => {
          ended += 1
          await disturb()
        }),
      ),
    )
    const written = counts.reduce<Tally>((sum, more) => addTallies(sum, { ...more }), {})
    const judged = await judge(plan, readers, world, { timeoutMs, trail })
    const tallies = readers.map(({ book, counts }) => ({ ...book.counts, ...counts }))
    return {
      seed: plan.seed,
      tally: [written, judged.tally, ...tallies].reduce<Tally>((sum, more) => addTallies(sum, { ...more }), {}),
      findings: judged.findings,
    }
  } finally {
    for (const reader of readers) reader.stop()
    await persistently(() => pool.query(drop(plan)))
  }
}

const drop = (plan: Plan) => `DROP SCHEMA IF EXISTS ${quoteIdentifier(plan.schema)} CASCADE`
const POSITION = `SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS lsn`

/** All or nothing, so that it can be done again after a lost connection. */
const setUp = (plan: Plan, pool: pg.Pool) => pool.query(['BEGIN', drop(plan), ...plan.setup, 'COMMIT'].join(';\n'))

/** What happens to a reader at exactly this number of ended transactions. */
async function disturbReader(reader: Reader, ended: number, url: string): Promise<void> {
  const { startsAfter, disturbances } = reader.plan
  if (!reader.hasStarted && startsAfter <= ended) return reader.start()
  if (!reader.hasStarted) return
  for (const disturbance of disturbances) {
    if (disturbance.after === ended) await disturbWith(disturbance, reader, url)
  }
}

async function disturbWith(disturbance: Disturbance, reader: Reader, url: string): Promise<void> {
  switch (disturbance.do) {
    case 'resume':
      return reader.resume()
    case 'start-over':
      return reader.start()
    case 'delete-shape': {
      const query = new URLSearchParams()
      for (const [name, value] of Object.entries(shapeParams(reader.shape))) {
        if (Array.isArray(value)) query.set(name, value.map(quoteIdentifier).join(','))
        else if (typeof value === 'string') query.set(name, value)
        else for (const [key, text] of Object.entries(value)) query.set(`params[${key}]`, text)
      }
      // Nobody waits for it: where the shape is unknown or the network broken, nothing happens.
      await fetch(`${url}/v1/shape?${query}`, { method: 'DELETE' }).catch(() => {})
    }
  }
}

async function judge(plan: Plan, readers: readonly Reader[], world: World, { timeoutMs, trail }: RunOptions) {
  const { pool } = world
  await persistently(() => pool.query(['BEGIN', ...plan.ending, 'COMMIT'].join(';\n')))
  const [end] = (await persistently(() => pool.query<{ lsn: string }>(POSITION))).rows
  const lastCommit = BigInt(end?.lsn ?? 0)
  for (const reader of readers) {
    if (!reader.hasStarted) reader.start('long-poll')
    else if (reader.plan.atEnd === 'resumes') reader.resume('long-poll')
  }
  const signal = AbortSignal.timeout(timeoutMs)
  const findings: string[] = []
  let tally: Tally = { readers: readers.length, shapes: plan.shapes.length }
  for (const [index, reader] of readers.entries()) {
    const hasReached = await reader.reach(lastCommit, signal)
    const found = [...reader.book.findings]
    if (!hasReached) found.push(`it did not reach ${lastCommit} in ${timeoutMs} ms; it saw ${reader.book.seenLsn}`)
    else if (found.length === 0) {
      const verdict = await compareReader(reader, world)
      if (verdict.difference !== undefined) found.push(verdict.difference)
      tally = addTallies(tally, verdict.tally)
    }
    findings.push(
      ...found.map(
        (text) => `reader ${index} of ${describeShape(reader.shape)}\n    ${JSON.stringify(reader.plan)}\n    ${text}`,
      ),
    )
    if (found.length > 0)
      findings.push(
        `what reader ${index} got last:\n    ${reader.book.trail.slice(-trail).map(shortened).join('\n    ')}`,
      )
  }
  return { findings, tally }
}

const shortened = (line: string) => (line.length > 600 ? `${line.slice(0, 600)}…` : line)

async function compareReader(
  { refusal, shape, book }: Reader,
  { pool }: World,
): Promise<{ difference?: string; tally: Tally }> {
  const selected = await persistently(() => selectShape(pool, shape))
  if (selected.kind === 'refused') {
    if (refusal) return { tally: { refusedByBoth: 1 } }
    return { difference: `Postgres refuses the shape and the server gives it: ${selected.message}`, tally: {} }
  }
  if (refusal) {
    const body = JSON.stringify(refusal.json ?? refusal.text)
    const isOfClause = refusal.status === 400 && shape.where !== undefined && body.includes('"where"')
    return {
      ...(!isOfClause && { difference: `refused with ${refusal.status}: ${body}` }),
      tally: { refusedClauses: 1 },
    }
  }
  const difference = differenceOf(book.rows.values(), selected.rows)
  return { ...(difference !== undefined && { difference }), tally: { compared: 1, comparedRows: selected.rows.length } }
}
