/** Runs once when the server starts, before it takes a request. */
export async function register(): Promise<void> {
  // The branch is a constant of the build: the edge bundle must not hold what follows.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { stopWithoutEnvironment } = await import('./env.ts')
    stopWithoutEnvironment()
  }
}
