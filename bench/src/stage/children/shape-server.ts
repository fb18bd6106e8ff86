import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type ShapeServerOptions, startShapeServer } from '@landfall/shape-server'
import { answerParent, childArgument } from './answer-parent.ts'

/** What the process holds after a collection. */
export interface Memory {
  residentBytes: number
  heapBytes: number
  /** Buffers and the like, outside of the heap. */
  externalBytes: number
}

export interface ShapeServerTasks {
  url: { task: null; answer: string }
  memory: { task: null; answer: Memory }
  /** Processor time since the start. */
  cpuMs: { task: null; answer: number }
  /** The longest time for which nothing else could run, since it was asked last. */
  longestPauseMs: { task: null; answer: number }
}

const RESOLUTION_MS = 1
const server = startShapeServer(childArgument() as ShapeServerOptions)
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()

answerParent<ShapeServerTasks>({
  url: async () => (await server).url,
  memory() {
    globalThis.gc?.()
    globalThis.gc?.()
    const { rss, heapUsed, external } = process.memoryUsage()
    return { residentBytes: rss, heapBytes: heapUsed, externalBytes: external }
  },
  cpuMs() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000
  },
  longestPauseMs() {
    const longestMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS)
    delay.reset()
    return longestMs
  },
})

process.once('SIGTERM', () => {
  server.then((running) => running.stop()).finally(() => process.exit(0))
})
