import { type BenchSite, startBenchSite } from './bench-site.ts'
import { type Load, startLoad } from './load.ts'
import { type LocalDbSite, startLocalDbSite } from './local-db-site.ts'
import { type RealStack, startRealStack } from './real-stack.ts'
import { type ShapeStage, startShapeStage } from './shape-stage.ts'
import { warmUp } from './warm-up.ts'

/** Everything that measures stand on. What only some need is started when the first of them asks. */
export interface Stage {
  site: BenchSite
  realStack(): Promise<RealStack>
  load(): Promise<Load>
  shapeStage(): Promise<ShapeStage>
  localDbSite(): Promise<LocalDbSite>
  /** Stops what was started. */
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const site = await startBenchSite()
  let stack: Promise<RealStack> | undefined
  let load: Promise<Load> | undefined
  let warm: Promise<void> | undefined
  let shapes: Promise<ShapeStage> | undefined
  let localDb: Promise<LocalDbSite> | undefined

  const startWarm = async (): Promise<{ stack: RealStack; load: Load }> => {
    stack ??= startRealStack()
    load ??= stack.then(startLoad)
    warm ??= load.then(warmUp)
    await warm
    return { stack: await stack, load: await load }
  }

  return {
    site,
    realStack: async () => (await startWarm()).stack,
    load: async () => (await startWarm()).load,
    shapeStage() {
      shapes ??= startShapeStage()
      return shapes
    },
    localDbSite() {
      localDb ??= startLocalDbSite()
      return localDb
    },
    async close() {
      // One that never came up has nothing to stop, and its failure is told by whoever asked for it.
      await (await localDb?.catch(() => undefined))?.close()
      await (await shapes?.catch(() => undefined))?.close()
      await (await load?.catch(() => undefined))?.stop()
      await (await stack?.catch(() => undefined))?.stop()
      await site.close()
    },
  }
}
