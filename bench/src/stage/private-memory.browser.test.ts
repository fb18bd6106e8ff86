import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumLaunchOptions } from '@landfall/chromium'
import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { privateMemoryOf } from './private-memory.ts'

test.skipIf(process.platform !== 'linux')(
  'what a page holds is counted, and only that of its own browser',
  async () => {
    const profiles = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'landfall-bench-'))))
    const [one = '', another = ''] = profiles
    const contexts = await Promise.all(
      profiles.map((profile) => chromium.launchPersistentContext(profile, chromiumLaunchOptions())),
    )
    try {
      const before = await Promise.all([privateMemoryOf(one), privateMemoryOf(another)])
      await contexts[0]?.pages()[0]?.evaluate(() => {
        Object.assign(globalThis, { held: new Uint8Array(200e6).fill(1) })
      })
      const after = await Promise.all([privateMemoryOf(one), privateMemoryOf(another)])
      expect((after[0] ?? 0) - (before[0] ?? 0)).toBeGreaterThan(150e6)
      expect((after[1] ?? 0) - (before[1] ?? 0)).toBeLessThan(100e6)
    } finally {
      await Promise.all(contexts.map((context) => context.close()))
      await Promise.all(profiles.map((profile) => rm(profile, { recursive: true, force: true, maxRetries: 5 })))
    }
  },
  60_000,
)
