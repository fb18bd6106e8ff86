import { SERVER_CONTENDERS, type ServerContender } from '../contenders/server/server-contender.ts'
import { figure, milliseconds, percent } from '../report/number.ts'
import type { Section, Table } from '../report/section.ts'
import type { Load } from '../stage/load.ts'
import type { RealStack } from '../stage/real-stack.ts'
import { fillTables } from '../stage/tables.ts'
import type { Effort } from './effort.ts'
import { type Spread, spreadOf } from './spread.ts'

const BATCHES = [1, 50, 100]
const CLIENTS = [1, 8, 32]

export interface Throughput {
  rowsPerSecond: Spread
  /** Of one batch, over all runs. */
  latencyMs: Spread
}

/** Every contender in turn under the same load, run after run. */
export async function throughputs(
  load: Load,
  names: readonly ServerContender[],
  { batch, clients }: { batch: number; clients: number },
  { loadRuns, loadMs }: Pick<Effort, 'loadRuns' | 'loadMs'>,
): Promise<Map<ServerContender, Throughput>> {
  const samples = new Map(names.map((name) => [name, { rates: [] as number[], latenciesMs: [] as number[] }]))
  for (let run = 0; run < loadRuns; run += 1) {
    for (const contender of names) {
      const result = await load.run({ contender, batch, clients, durationMs: loadMs, poison: 'none' })
      const found = samples.get(contender)
      found?.rates.push((result.rows / result.elapsedMs) * 1_000)
      found?.latenciesMs.push(...result.latenciesMs)
    }
  }
  return new Map(
    [...samples].map(([name, { rates, latenciesMs }]) => [
      name,
      { rowsPerSecond: spreadOf(rates), latencyMs: spreadOf(latenciesMs) },
    ]),
  )
}

/** Rows a second that reach the tables, by size of batch and number of clients. */
export async function measureIngest(stack: RealStack, load: Load, effort: Effort): Promise<Section> {
  const cells: { batch: number; clients: number; found: Map<ServerContender, Throughput> }[] = []
  for (const batch of BATCHES) {
    for (const clients of CLIENTS) {
      await fillTables(stack.owner, effort.storedLeads)
      cells.push({ batch, clients, found: await throughputs(load, SERVER_CONTENDERS, { batch, clients }, effort) })
    }
  }
  const rate = (found: Map<ServerContender, Throughput>, name: ServerContender) =>
    found.get(name)?.rowsPerSecond.p50 ?? Number.NaN
  const share = (found: Map<ServerContender, Throughput>) =>
    rate(found, 'landfall over HTTP') / rate(found, 'bare statement')

  return {
    title: 'Ingest',
    method:
      'Clients that send the next batch as soon as the last one is answered. "Bare statement" is one prepared statement a batch, as the app\'s role under its policies, which writes the same lead, receipt, history and ledger rows; "leads only" writes just the lead. "Engine alone" is `applyBatch` without HTTP, host, limits and proof of the device. The bare handler reads the body and stores nothing. Clients, app and database share the machine, and the shape server reads along.',
    tables: [
      {
        title: `Rows a second, median of ${effort.loadRuns} runs of ${figure(effort.loadMs)} ms; the spread is the middle half`,
        columns: ['batch × clients', ...SERVER_CONTENDERS, 'HTTP to statement'],
        rows: cells.map(({ batch, clients, found }) => [
          `${batch} × ${clients}`,
          ...SERVER_CONTENDERS.map((name) => rateCell(found.get(name))),
          percent(share(found)),
        ]),
      },
      latencyTable(cells),
    ],
    goals: cells
      .filter(({ batch }) => batch === 50)
      .map(({ clients, found }) => ({
        goal: `at least 60 % of the statement in batches of 50 with ${clients === 1 ? '1 client' : `${clients} clients`}`,
        found: percent(share(found)),
        isMet: share(found) >= 0.6,
      })),
    remarks: [
      'The limiter of the app runs all its statements; a trigger in the database of the bench sets its counters back, so that no run ends in 429. Clients take another device after 500 leads.',
      'A bare statement must be given its rows; it checks no form, no replay and no device. What it leaves out is what ingest is for.',
    ],
  }
}

function rateCell(found: Throughput | undefined): string {
  if (!found) return ''
  const { p25, p50, p75 } = found.rowsPerSecond
  return `${figure(p50)} (${figure(p25)} – ${figure(p75)})`
}

function latencyTable(cells: { batch: number; clients: number; found: Map<ServerContender, Throughput> }[]): Table {
  return {
    title: 'Time of one batch, p50 / p95',
    columns: ['batch × clients', ...SERVER_CONTENDERS],
    rows: cells.map(({ batch, clients, found }) => [
      `${batch} × ${clients}`,
      ...SERVER_CONTENDERS.map((name) => {
        const latencyMs = found.get(name)?.latencyMs
        return latencyMs ? `${milliseconds(latencyMs.p50)} / ${milliseconds(latencyMs.p95)}` : ''
      }),
    ]),
  }
}
