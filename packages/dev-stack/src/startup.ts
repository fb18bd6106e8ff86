interface Part {
  stop(): Promise<void>
}

/** The parts of a stack in the order of their start, those still being started among them. */
export interface Startup {
  /** Aborted when stopping begins. */
  signal: AbortSignal
  /** Starts the next part. Rejects when stopping began before it was up; it is stopped all the same. */
  start<T extends Part>(begin: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Stops every part, the last one first. A part that fails to stop does not keep the others. */
  stop(): Promise<void>
}

export class StoppedError extends Error {
  override name = 'StoppedError'
}

/** Starts parts one after the other, and can stop them at any moment: nothing comes up behind the stop's back. */
export function createStartup(): Startup {
  const abort = new AbortController()
  const { signal } = abort
  const parts: Promise<Part>[] = []
  let stopping: Promise<void> | undefined

  return {
    signal,
    async start(begin) {
      signal.throwIfAborted()
      const part = begin(signal)
      parts.push(part)
      const started = await part
      signal.throwIfAborted()
      return started
    },
    stop() {
      abort.abort(new StoppedError('The start was stopped.'))
      stopping ??= stopAll(parts)
      return stopping
    },
  }
}

async function stopAll(parts: Promise<Part>[]): Promise<void> {
  const failures: unknown[] = []
  for (const starting of parts.toReversed()) {
    // A part that failed to start has put away what it had.
    const part = await starting.catch(() => undefined)
    await part?.stop().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}
