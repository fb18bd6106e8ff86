import { useEffect, useRef, useState } from 'react'
import type { LocalDb, LocalDbOptions } from '../page/local-db.ts'
import { CLOSED_STATE, type LocalDbState } from './local-db-context.ts'

/** Holds one database open for as long as the component is mounted with the same owner and worker. */
export function useOpenLocalDb(options: LocalDbOptions | null): LocalDbState {
  const [state, setState] = useState(CLOSED_STATE)
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  const [attempt, setAttempt] = useState(0)
  const owner = options?.owner
  const workerUrl = options?.workerUrl
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens again
  useEffect(() => {
    if (owner === undefined || workerUrl === undefined) return
    let isMounted = true
    let opened: LocalDb | undefined
    const cleanups: (() => void)[] = []
    setState({ ...CLOSED_STATE, status: { phase: 'opening' } })
    open({ ...latest.current, owner, workerUrl, shapes: latest.current?.shapes ?? [] }).then(
      (db) => {
        // Strict Mode mounts twice: the first opening may come to its end after it was given up.
        if (!isMounted) return void db.close()
        opened = db
        const update = () => setState((previous) => ({ ...previous, db, status: db.getStatus() }))
        cleanups.push(db.subscribeStatus(update))
        update()
      },
      (error: unknown) => {
        if (!isMounted) return
        const message = error instanceof Error ? error.message : String(error)
        setState({ ...CLOSED_STATE, status: { phase: 'failed', message } })
        // Most often the files could not be loaded: a page that was opened offline before they were kept.
        cleanups.push(onNextChance(() => setAttempt((previous) => previous + 1)))
      },
    )
    return () => {
      isMounted = false
      for (const cleanup of cleanups) cleanup()
      setState(CLOSED_STATE)
      void opened?.close()
    }
  }, [owner, workerUrl, attempt])
  return state
}

/** Loads what opens a database with the first that is wanted. */
async function open(options: LocalDbOptions): Promise<LocalDb> {
  const { openLocalDb } = await import('../page/open-local-db.ts')
  return openLocalDb(options)
}

const TRY_AGAIN_AFTER_MS = 30_000

/** Calls back once: when the network comes back, or after a while. */
function onNextChance(retry: () => void): () => void {
  const timer = setTimeout(retry, TRY_AGAIN_AFTER_MS)
  addEventListener('online', retry, { once: true })
  return () => {
    clearTimeout(timer)
    removeEventListener('online', retry)
  }
}
