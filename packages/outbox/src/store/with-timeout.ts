/** Rejects with `error` when nothing has come of it in time; the work itself goes on unheard. */
export function withTimeout<T>(work: Promise<T>, timeoutMs: number, error: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), timeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
