import { type BenchSite, startBenchSite } from './bench-site.ts'
import { type Load, startLoad } from './load.ts'
import { type RealStack, startRealStack } from './real-stack.ts'

/** Everything that measures stand on. What only some need is started when the first of them asks. */
export interface Stage {
  site: BenchSite
  realStack(): Promise<RealStack>
  load(): Promise<Load>
  /** Stops what was started. */
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const site = await startBenchSite()
  let stack: Promise<RealStack> | undefined
  let load: Promise<Load> | undefined
  const realStack = () => {
    stack ??= startRealStack()
    return stack
  }
  return {
    site,
    realStack,
    load() {
      load ??= realStack().then(startLoad)
      return load
    },
    async close() {
      // One that never came up has nothing to stop, and its failure is told by whoever asked for it.
      await (await load?.catch(() => undefined))?.stop()
      await (await stack?.catch(() => undefined))?.stop()
      await site.close()
    },
  }
}
