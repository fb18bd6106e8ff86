import * as fc from 'fast-check'
import { GARBLES, type Garble } from './garble.ts'
import type { StorageFault } from './model-storage.ts'
import { anyWeather, fineWeather, type Weather } from './weather.ts'

/** What somebody writes. `amend` changes the row of an earlier lead; `group` is three writes that stand or fall together. */
export type WriteKind = 'lead' | 'poisoned' | 'large' | 'group' | 'poisoned-group' | 'amend'

/** One thing that happens in a run. `tab` is an index into those that are open; nothing waits for what it starts. */
export type Step =
  | { do: 'open' }
  | { do: 'write'; tab: number; kind: WriteKind }
  | { do: 'turns'; count: number }
  | { do: 'pass'; ms: number }
  | { do: 'weather'; weathers: Weather[] }
  | { do: 'kill'; tab: number }
  | { do: 'kill-worker' }
  | { do: 'kill-all' }
  | { do: 'wake-worker' }
  | { do: 'event'; tab: number; type: 'online' | 'pageshow' | 'hide' | 'show' }
  | { do: 'flush'; tab: number; urgency: 'when-due' | 'eager' | 'now' }
  | { do: 'set-clock'; byMs: number }
  | { do: 'storage'; fault: StorageFault }
  | { do: 'clear-site-data' }
  | { do: 'garble'; what: Garble }
  | { do: 'resend'; tab: number; isCorrected: boolean }
  | { do: 'discard'; tab: number }
  /** Somebody else reads what is on the disk. */
  | { do: 'find-device' }

export interface Plan {
  steps: Step[]
  /** Whether the tabs stay to the end, or everything is opened anew to see what is on the device. */
  endsInFreshTab: boolean
}

const HOUR_MS = 60 * 60_000
const tab = fc.nat({ max: 3 })

const turns = fc.record({ do: fc.constant('turns' as const), count: fc.integer({ min: 0, max: 60 }) })
const pass = fc.record({
  do: fc.constant('pass' as const),
  ms: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: HOUR_MS / 3 })),
})
const write = fc.record({
  do: fc.constant('write' as const),
  tab,
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant<WriteKind>('lead') },
    { weight: 4, arbitrary: fc.constant<WriteKind>('amend') },
    { weight: 2, arbitrary: fc.constantFrom<WriteKind>('group', 'large') },
    { weight: 1, arbitrary: fc.constantFrom<WriteKind>('poisoned', 'poisoned-group') },
  ),
})
const life: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: write },
  { weight: 4, arbitrary: turns },
  { weight: 3, arbitrary: pass },
  { weight: 1, arbitrary: fc.constant({ do: 'open' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'wake-worker' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('event' as const),
      tab,
      type: fc.constantFrom('online', 'pageshow', 'hide', 'show'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('flush' as const),
      tab,
      urgency: fc.constantFrom('when-due', 'eager', 'now'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resend' as const), tab, isCorrected: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('discard' as const), tab }) },
  { weight: 1, arbitrary: fc.constant({ do: 'find-device' as const }) },
)

const changeOf = (weather: fc.Arbitrary<Weather>): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant('weather' as const), weathers: fc.array(weather, { minLength: 1, maxLength: 4 }) })
const kill: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('kill' as const), tab }),
  fc.constant({ do: 'kill-worker' as const }),
  fc.constant({ do: 'kill-all' as const }),
)
const setClock: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('set-clock' as const),
  byMs: fc.oneof(
    fc.integer({ min: -60_000, max: 60_000 }),
    fc.integer({ min: -400 * 24 * HOUR_MS, max: 400 * 24 * HOUR_MS }),
  ),
})
const storageFault: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('storage' as const),
  fault: fc.constantFrom<StorageFault>('quota', 'abort', 'closed', 'closed-silently', 'open-fails', 'open-hangs'),
})
const garble: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('garble' as const),
  what: fc.constantFrom(...GARBLES),
})
const clearSiteData: fc.Arbitrary<Step> = fc.constant({ do: 'clear-site-data' as const })

/** Half of a run is life, the other half what breaks it. */
const planOf = (breaks: fc.Arbitrary<Step>): fc.Arbitrary<Plan> =>
  fc.record({
    steps: fc.array(fc.oneof({ weight: 3, arbitrary: life }, { weight: 1, arbitrary: breaks }), {
      minLength: 10,
      maxLength: 45,
      size: 'max',
    }),
    endsInFreshTab: fc.boolean(),
  })

/** What breaks in each scenario of the model. */
export const PLANS = {
  weather: planOf(changeOf(anyWeather)),
  kills: planOf(fc.oneof({ weight: 2, arbitrary: kill }, { weight: 1, arbitrary: changeOf(fineWeather) })),
  'kills-in-weather': planOf(fc.oneof(kill, changeOf(anyWeather))),
  clock: planOf(fc.oneof(setClock, changeOf(anyWeather))),
  storage: planOf(fc.oneof({ weight: 2, arbitrary: storageFault }, { weight: 1, arbitrary: changeOf(anyWeather) })),
  'cleared-data': planOf(
    fc.oneof({ weight: 1, arbitrary: clearSiteData }, { weight: 2, arbitrary: changeOf(anyWeather) }),
  ),
  garbled: planOf(fc.oneof({ weight: 1, arbitrary: garble }, { weight: 2, arbitrary: changeOf(anyWeather) })),
  everything: planOf(fc.oneof(kill, changeOf(anyWeather), setClock, storageFault, clearSiteData, garble)),
} as const satisfies Record<string, fc.Arbitrary<Plan>>
