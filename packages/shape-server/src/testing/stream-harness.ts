import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { inject } from 'vitest'
import { RAW_TEXT } from '../database.ts'
import { withUsualSslModes } from '../database-url.ts'
import type { LogLine } from '../log.ts'
import { ReplicationSupervisor } from '../replication/replication-supervisor.ts'
import { cleanUp } from './clean-up.ts'
import { RecordingSink } from './recording-sink.ts'

export interface StreamHarness {
  databaseUrl: string
  sink: RecordingSink
  lines: LogLine[]
  /** All that were started, also those that have not got so far yet. */
  supervisors: ReplicationSupervisor[]
  sql(text: string, values?: unknown[]): Promise<Record<string, string | null>[]>
  /** Starts a supervisor that fills `sink`. It is stopped after the test, if it was not before. */
  supervise(options?: SuperviseOptions): Promise<ReplicationSupervisor>
}

export interface SuperviseOptions {
  sink?: RecordingSink
  isTemporary?: boolean
  slotPrefix?: string
  flushIntervalMs?: number
  longestSilenceMs?: number
}

/** Replication without shapes, on a database of its own in which all tables are published. */
export async function startStreamHarness(setup: string, serverUrl = inject('postgresUrl')): Promise<StreamHarness> {
  const created = await createTestDatabase(serverUrl)
  cleanUp(async () => {
    await query(serverUrl, `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = $1`, [
      created.name,
    ]).catch(() => {})
    await created.drop().catch(() => {})
  })
  await query(created.url, setup)
  await query(created.url, 'CREATE PUBLICATION landfall_test FOR ALL TABLES')
  return harnessOn(created.url)
}

/** The same on a database that is there already. */
export function harnessOn(databaseUrl: string): StreamHarness {
  const main = new RecordingSink()
  const lines: LogLine[] = []
  const supervisors: ReplicationSupervisor[] = []
  return {
    databaseUrl,
    sink: main,
    lines,
    supervisors,
    sql: (text, values) => query(databaseUrl, text, values),
    async supervise(options = {}) {
      const { sink = main, isTemporary = false, slotPrefix = 'landfall_test', flushIntervalMs = 50 } = options
      const supervisor = new ReplicationSupervisor({
        databaseUrl,
        slotPrefix,
        publicationName: 'landfall_test',
        isTemporary,
        sink,
        flushIntervalMs,
        ...(options.longestSilenceMs && { longestSilenceMs: options.longestSilenceMs }),
        log: (line) => lines.push(line),
      })
      let stopping: Promise<void> | undefined
      const stop = supervisor.stop.bind(supervisor)
      supervisor.stop = () => {
        stopping ??= stop()
        return stopping
      }
      cleanUp(() => supervisor.stop())
      supervisors.push(supervisor)
      await supervisor.start()
      return supervisor
    },
  }
}

async function query(url: string, text: string, values?: unknown[]): Promise<Record<string, string | null>[]> {
  const client = new pg.Client({ connectionString: withUsualSslModes(url), types: RAW_TEXT })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}
