import { measureDrain } from './measure/drain.ts'
import type { Effort } from './measure/effort.ts'
import { measureGrowth } from './measure/growth.ts'
import { measureIngest } from './measure/ingest.ts'
import { measureLive } from './measure/live.ts'
import { measureFirstSync } from './measure/local-db/first-sync.ts'
import { measureHeld } from './measure/local-db/held.ts'
import { measureOpening } from './measure/local-db/opening.ts'
import { measureTabs } from './measure/local-db/tabs.ts'
import { measureWrites } from './measure/local-db/writes.ts'
import type { MeasureName } from './measure/measure-names.ts'
import { measurePoison } from './measure/poison.ts'
import { measureShapes } from './measure/shapes.ts'
import { measureSubmit } from './measure/submit.ts'
import { measureSync } from './measure/sync.ts'
import type { Section } from './report/section.ts'
import type { Stage } from './stage/stage.ts'

export interface RunObserver {
  onStart(measure: MeasureName): void
  onSection(section: Section): Promise<void>
}

/** Measures one after the other on the same stage; each section is told as soon as it is there. */
export async function runMeasures(
  stage: Stage,
  measures: readonly MeasureName[],
  effort: Effort,
  observer: RunObserver,
): Promise<Section[]> {
  const sections: Section[] = []
  for (const measure of measures) {
    observer.onStart(measure)
    for (const run of [MEASURE[measure]].flat()) {
      const section = await run(stage, effort)
      sections.push(section)
      await observer.onSection(section)
    }
  }
  return sections
}

type Run = (stage: Stage, effort: Effort) => Promise<Section>

const MEASURE: Record<MeasureName, Run | readonly Run[]> = {
  submit: ({ site }, effort) => measureSubmit(site, effort),
  drain: async ({ site, realStack }, effort) => measureDrain(site, await realStack(), effort),
  ingest: async ({ realStack, load }, effort) => measureIngest(await realStack(), await load(), effort),
  poison: async ({ realStack, load }, effort) => measurePoison(await realStack(), await load(), effort),
  growth: async ({ site, realStack, load }, effort) => measureGrowth(site, await realStack(), await load(), effort),
  sync: async ({ shapeStage }, effort) => measureSync(await shapeStage(), effort),
  live: async ({ shapeStage }, effort) => measureLive(await shapeStage(), effort),
  shapes: async ({ shapeStage }, effort) => measureShapes(await shapeStage(), effort),
  'local-db': [
    async ({ localDbSite }, effort) => measureOpening(await localDbSite(), effort),
    async ({ localDbSite }, effort) => measureWrites(await localDbSite(), effort),
    async ({ localDbSite, shapeStage }, effort) => measureFirstSync(await localDbSite(), await shapeStage(), effort),
    async ({ localDbSite, shapeStage }, effort) => measureHeld(await localDbSite(), await shapeStage(), effort),
    async ({ localDbSite }, effort) => measureTabs(await localDbSite(), effort),
  ],
}
