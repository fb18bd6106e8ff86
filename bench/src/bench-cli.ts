import { argv, stderr, stdout } from 'node:process'
import { readOptions, UnknownOptionError } from './bench-options.ts'
import { readCircumstances } from './report/circumstances.ts'
import { writeDocument } from './report/document.ts'
import { layOutSection } from './report/layout.ts'
import { runMeasures } from './run-measures.ts'
import { openStage } from './stage/stage.ts'

async function main(): Promise<void> {
  const { measures, effort, isWrittenDown } = readOptions(argv.slice(2))
  const stage = await openStage()
  // What a stage has started does not end by itself.
  const stop = () => void stage.close().finally(() => process.exit(130))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    await runMeasures(stage, measures, effort, {
      onStart: (measure) => void stderr.write(`Measuring ${measure} …\n`),
      async onSection(section) {
        stdout.write(`\n${layOutSection(section)}\n\n`)
        if (!isWrittenDown) return
        // At once: a later measure may fail, or be given up.
        await writeDocument(await readCircumstances(await stage.realStack()), [section])
        stdout.write('Written into docs/BENCHMARKS.md.\n\n')
      },
    })
  } finally {
    await stage.close()
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof UnknownOptionError)) throw error
  stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
