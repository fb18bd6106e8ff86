import { ShapeStream } from '@electric-sql/client'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { SYNCED_TABLE } from '../../sample/synced-row.ts'

/** What it took to get all rows, and how many bytes came. */
export interface InitialSync {
  rows: number
  bytes: number
  elapsedMs: number
}

/** The floor: Postgres prints the rows as JSON, and the driver hands them over. */
export async function copyRows(client: pg.Client): Promise<InitialSync> {
  const startMs = performance.now()
  let [rows, bytes] = [0, 0]
  const stream = client.query(copyTo(`COPY (SELECT row_to_json(t) FROM ${SYNCED_TABLE} AS t) TO STDOUT`))
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) rows += 1
  }
  return { rows, bytes, elapsedMs: performance.now() - startMs }
}

/** All answers up to the end of the log, read and not parsed. */
export async function readOverHttp(shapeUrl: string): Promise<InitialSync> {
  const startMs = performance.now()
  let [rows, bytes] = [0, 0]
  for (let [position, isBehind] = ['offset=-1', true]; isBehind; ) {
    const response = await fetch(`${shapeUrl}&${position}`)
    if (!response.ok || !response.body) throw new Error(`the shape server answered ${response.status}`)
    let rest = ''
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      const text = rest + Buffer.from(chunk).toString('latin1')
      rows += text.split(OPERATION).length - 1
      rest = text.slice(1 - OPERATION.length)
    }
    isBehind = position === 'offset=-1' || !response.headers.has('electric-up-to-date')
    const { headers } = response
    position = `handle=${headers.get('electric-handle')}&offset=${headers.get('electric-offset')}`
  }
  return { rows, bytes, elapsedMs: performance.now() - startMs }
}

const OPERATION = '"operation":"insert"'

/** The official client on the whole table, up to date with all rows parsed and in a map. */
export async function readWithClient(shapeUrl: string): Promise<Omit<InitialSync, 'bytes'>> {
  const startMs = performance.now()
  const { origin, pathname } = new URL(shapeUrl)
  const rows = new Map<string, unknown>()
  // Each time another address: the client would take a second reading of the same one for a replay.
  const params = { table: SYNCED_TABLE, reading: String(startMs) }
  const stream = new ShapeStream({ url: `${origin}${pathname}`, params, subscribe: false })
  await new Promise<void>((resolve, reject) => {
    stream.subscribe((messages) => {
      for (const message of messages) {
        if ('key' in message) rows.set(message.key, message.value)
        else if (message.headers.control === 'up-to-date') resolve()
      }
    }, reject)
  })
  return { rows: rows.size, elapsedMs: performance.now() - startMs }
}

/** Takes the shape from the server, so that the next one to ask has its snapshot made. */
export async function forgetShape(shapeUrl: string): Promise<void> {
  const { status } = await fetch(shapeUrl, { method: 'DELETE' })
  if (status !== 202 && status !== 404) throw new Error(`the shape server answered ${status} to DELETE`)
}
