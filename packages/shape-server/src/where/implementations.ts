import { ARRAYS } from './functions/arrays.ts'
import { CALENDAR_FIELDS } from './functions/calendar-fields.ts'
import { ENUMS } from './functions/enums.ts'
import { FLOATS } from './functions/floats.ts'
import { INTEGERS } from './functions/integers.ts'
import { INTERVALS } from './functions/intervals.ts'
import { MOMENTS } from './functions/moments.ts'
import { NUMERICS } from './functions/numerics.ts'
import { TEXTS } from './functions/texts.ts'
import type { Implementation, Implementations } from './routine.ts'

const ALL = new Map<string, Implementation>(
  Object.entries<Implementation>({
    ...INTEGERS,
    ...FLOATS,
    ...NUMERICS,
    ...TEXTS,
    ...MOMENTS,
    ...INTERVALS,
    ...CALENDAR_FIELDS,
    ...ENUMS,
    ...ARRAYS,
  } satisfies Implementations),
)

/** Functions of Postgres, by their names within it, that are computed here exactly as there. */
export const implementationOf = (source: string) => ALL.get(source)
export const IMPLEMENTED: readonly string[] = [...ALL.keys()]
