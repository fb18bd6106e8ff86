/**
 * Aborted when the process is asked to end. Next then takes no more connections and waits for those that it has: what
 * only waits for news must let go, and every answer must close its connection.
 */
export function stopping(): AbortSignal {
  holder.landfallStopping ??= listen()
  return holder.landfallStopping
}

// Next evaluates a module once a bundle; the process ends once.
const holder = globalThis as { landfallStopping?: AbortSignal }

function listen(): AbortSignal {
  const abort = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => abort.abort(new Error('the process is asked to end')))
  }
  return abort.signal
}
