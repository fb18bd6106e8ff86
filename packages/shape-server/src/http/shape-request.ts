import type { DefinitionParameters } from '../shapes/define-shape.ts'
import type { LogMode, Replica } from '../shapes/definition.ts'
import { type FieldErrors, InvalidRequestError } from '../shapes/definition-errors.ts'
import { parseOffset, type RequestedOffset } from '../shapes/offset.ts'
import type { Parameters } from './query.ts'
import { parseSubset, type SubsetRequest } from './subset-request.ts'

export interface ShapeRequest {
  offset: RequestedOffset
  /** Empty with the offsets -1 and now, which need none. */
  handle: string
  /** Waits for changes at the end of the log. */
  mode: 'catch-up' | 'live' | 'events'
  cursor: string | undefined
  definition: DefinitionParameters
  queryableColumns: string | undefined
  /** Asks for some rows of the shape, read fresh, instead of the log. */
  subset: SubsetRequest | undefined
}

/** Reads what can be read without the database. Throws an InvalidRequestError that names every bad parameter. */
export function parseShapeRequest(parameters: Parameters): ShapeRequest {
  const errors: FieldErrors = {}
  const offset = parseOffset(parameters.offset ?? '')
  if (!parameters.offset) errors.offset = ["can't be blank"]
  else if (!offset) errors.offset = ['has invalid format']

  const needsHandle = offset?.kind === 'position'
  if (needsHandle && !parameters.handle) errors.handle = ["can't be blank when offset != -1"]

  const isLive = isOn(parameters.live)
  if (isLive && offset?.kind === 'start') errors.live = ["can't be true when offset == -1"]
  if (isLive && offset?.kind === 'now') errors.live = ["can't be true when offset is 'now'"]
  const wantsEvents = isOn(parameters.live_sse ?? parameters.experimental_live_sse)
  if (wantsEvents && !isLive) errors.live_sse = ["can't be true unless live is also true"]

  const replica = oneOf<Replica>(parameters.replica, ['default', 'full'])
  if (!replica) errors.replica = ['is invalid']
  const log = oneOf<LogMode>(parameters.log, ['full', 'changes_only'])
  if (!log) errors.log = ['is invalid']
  const subset = parseSubset(parameters)
  if (subset.errors) errors.subset = subset.errors
  const params = parseParams(parameters)
  if (!params.isValid) errors.params = [params.message]

  if (Object.keys(errors).length > 0 || !offset || !replica || !log || !params.isValid) {
    throw new InvalidRequestError(errors)
  }
  if (!parameters.table) throw new InvalidRequestError({ table: ["can't be blank"] })
  return {
    offset,
    handle: needsHandle ? (parameters.handle ?? '') : '',
    mode: isLive ? (wantsEvents ? 'events' : 'live') : 'catch-up',
    cursor: parameters.cursor,
    definition: {
      table: parameters.table,
      where: parameters.where,
      params: params.values,
      columns: parameters.columns,
      replica,
      log,
    },
    queryableColumns: parameters.queryable_columns || undefined,
    subset: subset.request,
  }
}

const isOn = (value: string | undefined) => value !== undefined && value !== '' && value !== 'false'

/** The first is the default. */
function oneOf<T extends string>(value: string | undefined, allowed: readonly [T, ...T[]]): T | undefined {
  return value ? allowed.find((item) => item === value) : allowed[0]
}

type Params = { isValid: true; values: string[] } | { isValid: false; message: string }

/** `params[1]=…&params[2]=…` */
function parseParams(parameters: Parameters): Params {
  if (parameters.params) return { isValid: false, message: 'is invalid' }
  const values: string[] = []
  let count = 0
  for (const [name, value] of Object.entries(parameters)) {
    const key = /^params\[(.*)\]$/s.exec(name)?.[1]
    if (key === undefined) continue
    if (!/^\d{1,5}$/.test(key)) return { isValid: false, message: 'Parameters can only use numbers as keys' }
    values[Number(key) - 1] = value
    count += 1
  }
  if (values.length !== count) {
    return { isValid: false, message: 'Parameters must be numbered sequentially, starting from 1' }
  }
  return { isValid: true, values }
}
