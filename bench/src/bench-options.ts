import { parseArgs } from 'node:util'
import { type Effort, FULL, QUICK } from './measure/effort.ts'
import { MEASURES, type MeasureName } from './measure/measure-names.ts'

export interface BenchOptions {
  measures: readonly MeasureName[]
  effort: Effort
  /** Only what was measured at full length is written into the document. */
  isWrittenDown: boolean
}

export class UnknownOptionError extends Error {
  override name = 'UnknownOptionError'
}

const USAGE = `pnpm bench [--only ${MEASURES.join(',')}] [--quick]`

/** @throws UnknownOptionError that says how it is called */
export function readOptions(args: readonly string[]): BenchOptions {
  const { only, quick: isQuick } = parse(args.filter((arg) => arg !== '--'))
  const asked = only?.split(',') ?? MEASURES
  const unknown = asked.filter((name) => !MEASURES.some((measure) => measure === name))
  if (unknown.length > 0) throw new UnknownOptionError(`There is no measure ${unknown.join(', ')}.\n${USAGE}`)
  return {
    measures: MEASURES.filter((measure) => asked.includes(measure)),
    effort: isQuick ? QUICK : FULL,
    isWrittenDown: !isQuick,
  }
}

function parse(args: string[]): { only?: string; quick?: boolean } {
  try {
    return parseArgs({ args, options: { only: { type: 'string' }, quick: { type: 'boolean' } } }).values
  } catch (error) {
    throw new UnknownOptionError(`${(error as Error).message}\n${USAGE}`)
  }
}
