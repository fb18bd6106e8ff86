import type { PGlite } from '@electric-sql/pglite'

/**
 * Why a running engine can't be gone on with. `crashed`: the engine itself ended, which need not be its files' fault.
 * `damaged`: what it read is broken. `closed`: the browser took its files away.
 */
export interface EngineEnd {
  kind: 'crashed' | 'damaged' | 'closed'
  /** For a log, not for a person. */
  detail: string
}

/** The engine is gone; its worker ends, and the next opens the database again. */
export class EngineEndedError extends Error {
  override name = 'EngineEndedError'
  constructor(detail: string) {
    super(`The database engine ended: ${detail}`)
  }
}

/** PGlite's exit status for Postgres' jump back into its main loop, which is how an ordinary error ends a statement. */
const LONGJMP_STATUS = 100

/** Functions of the engine that PGlite calls around a statement. */
interface EngineModule {
  _PostgresMainLoopOnce(): void
  _PostgresMainLongJmp(): void
  _PostgresSendReadyForQueryIfNecessary(): void
  _pgl_pq_flush(): void
  _IsTransactionBlock(): number
}

/**
 * Notices when the engine ends. PGlite swallows what its main loop throws and calls it again: after a panic or an exit that
 * is for ever, in one turn of the event loop, so the worker would hang and nobody would be told.
 */
export function watchEngine(pg: PGlite, onEnd: (end: EngineEnd) => void): void {
  const module = pg.Module as unknown as EngineModule
  let ended: EngineEndedError | undefined
  const end = (kind: EngineEnd['kind'], detail: string) => {
    if (ended) return
    ended = new EngineEndedError(detail)
    onEnd({ kind, detail })
  }

  const mainLoopOnce = module._PostgresMainLoopOnce
  module._PostgresMainLoopOnce = () => {
    try {
      if (!ended) return mainLoopOnce()
    } catch (error) {
      if (!isEnd(error)) throw error
      end('crashed', detailOf(error))
    }
    // PGlite's loop goes on after anything but this, whose handler is the next function.
    throw { status: LONGJMP_STATUS }
  }
  const longJmp = module._PostgresMainLongJmp
  module._PostgresMainLongJmp = () => {
    if (!ended) {
      try {
        return longJmp()
      } catch (error) {
        if (!isEnd(error)) throw error
        end('crashed', detailOf(error))
      }
    }
    throw ended ?? new EngineEndedError('unknown')
  }
  for (const name of ['_PostgresSendReadyForQueryIfNecessary', '_pgl_pq_flush'] as const) {
    const call = module[name]
    module[name] = () => {
      if (!ended) call()
    }
  }
  const isTransactionBlock = module._IsTransactionBlock
  module._IsTransactionBlock = () => (ended ? 0 : isTransactionBlock())

  for (const name of ['execProtocol', 'execProtocolStream'] as const) {
    const run = pg[name].bind(pg) as (...args: unknown[]) => Promise<never>
    pg[name] = async (...args: unknown[]) => {
      if (ended) throw ended
      try {
        return await run(...args)
      } catch (error) {
        const damage = damageIn(error)
        if (damage) end('damaged', damage)
        throw error
      }
    }
  }
}

/**
 * A trap or abort of the engine, or its exit; an ordinary error of a statement looks like an exit too. Other errors are of
 * what it calls in JavaScript, and pass.
 */
function isEnd(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError) return true
  if (typeof error !== 'object' || error === null || !('name' in error) || error.name !== 'ExitStatus') return false
  return !('status' in error && error.status === LONGJMP_STATUS)
}

function detailOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}

/** What an error of Postgres says of broken files; null when it is an ordinary one. */
export function damageIn(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error ? error.code : undefined
  const severity = 'severity' in error ? error.severity : undefined
  const isDamage =
    code === 'XX001' ||
    code === 'XX002' ||
    severity === 'PANIC' ||
    severity === 'FATAL' ||
    // A relation's file is gone. COPY and the like name files outside of these directories.
    /^could not (open|read|stat) (file|blocks?|directory).*"?(base|global|pg_\w+)\//.test(error.message)
  return isDamage ? `${code ?? severity}: ${error.message}` : null
}
