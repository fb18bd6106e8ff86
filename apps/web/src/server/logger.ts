import pino from 'pino'
import { env } from '../env.ts'
import { loggableError } from './loggable-error.ts'

const holder = globalThis as { landfallLogger?: pino.Logger }

/** JSON lines on stdout. What a visitor typed is never logged. */
export function logger(): pino.Logger {
  holder.landfallLogger ??= pino({
    level: env().LOG_LEVEL,
    serializers: { err: (error) => loggableError(error) },
    redact: ['*.payload', '*.values', '*.headers.authorization', '*.headers.cookie'],
  })
  return holder.landfallLogger
}
