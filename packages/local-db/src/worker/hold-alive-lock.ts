/** Holds a Web Lock of this worker's own until the worker ends, however it ends. Resolves with its name once it is held. */
export function holdAliveLock(): Promise<string> {
  const name = `landfall-worker:${crypto.randomUUID()}`
  return new Promise((resolve) => {
    void navigator.locks.request(name, () => {
      resolve(name)
      return new Promise<never>(() => {})
    })
  })
}
