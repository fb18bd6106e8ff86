import { openPlainPgliteWithLive } from './plain-pglite.ts'

export interface PlainNotes {
  /** Milliseconds until the INSERT has resolved, which is when its files are flushed, and until the live query shows it. */
  write(): Promise<{ writtenMs: number; ownMs: number }>
}

/** PGlite with a table of notes and its own live query of the newest. */
export async function openPlainNotes(): Promise<PlainNotes> {
  const pg = await openPlainPgliteWithLive()
  await pg.exec(
    'CREATE TABLE notes (id uuid PRIMARY KEY, lead_id uuid, body text, created_at timestamptz DEFAULT now())',
  )
  let onRows = (_rows: { body: string }[]) => {}
  await pg.live.query<{ body: string }>('SELECT * FROM notes ORDER BY created_at DESC LIMIT 100', [], ({ rows }) =>
    onRows(rows),
  )
  return {
    async write() {
      const body = `Called back, wants a quote by Friday. ${crypto.randomUUID()}`
      const startMs = performance.now()
      const own = new Promise<number>((resolve) => {
        onRows = (rows) => {
          if (rows.some((row) => row.body === body)) resolve(performance.now() - startMs)
        }
      })
      await pg.query('INSERT INTO notes (id, lead_id, body) VALUES (uuidv7(), uuidv7(), $1)', [body])
      const writtenMs = performance.now() - startMs
      return { writtenMs, ownMs: await own }
    },
  }
}
