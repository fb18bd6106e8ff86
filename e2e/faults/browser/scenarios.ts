import type { Scenario } from '../scenario.ts'
import type { BrowserWorld } from './browser-world.ts'
import { damagedStore } from './damaged-store.ts'
import { fullDisk } from './full-disk.ts'
import { killedAtStep } from './killed-at-step.ts'
import { killedDrainer } from './killed-drainer.ts'
import { killedWorker } from './killed-worker.ts'
import { reopenedWithoutPage } from './reopened-without-page.ts'
import { withoutBackgroundSync } from './without-background-sync.ts'

/** The scenarios of a real Chromium with its service worker, before the real stack. */
export const browserScenarios: Scenario<BrowserWorld>[] = [
  {
    name: 'browser-killed-at-step',
    breaks: 'SIGKILL to the browser at each of seven steps from submit to purge, and what had left arrives or does not',
    runs: 28,
    shortRuns: 0,
    run: killedAtStep,
  },
  {
    name: 'browser-killed-drainer',
    breaks: 'the tab that drains is closed with its request on the way, and another tab and the service worker go on',
    runs: 8,
    shortRuns: 0,
    run: killedDrainer,
  },
  {
    name: 'browser-killed-worker',
    breaks: 'the service worker is ended in the middle of a drain that a sync woke it for, with no page open',
    runs: 6,
    shortRuns: 0,
    run: killedWorker,
  },
  {
    name: 'browser-reopened',
    breaks: 'the browser is killed and starts again with no page of the site',
    runs: 3,
    shortRuns: 0,
    run: reopenedWithoutPage,
  },
  {
    name: 'browser-no-background-sync',
    breaks: 'a browser without Background Sync, left open or killed',
    runs: 6,
    shortRuns: 0,
    run: withoutBackgroundSync,
  },
  {
    name: 'browser-damaged-store',
    breaks: 'files of IndexedDB deleted, cut or overwritten between two visits',
    runs: 12,
    shortRuns: 0,
    run: damagedStore,
  },
  {
    name: 'browser-full-disk',
    breaks: 'the browser gives the site no more room, with and without a network',
    runs: 6,
    shortRuns: 0,
    run: fullDisk,
  },
]
