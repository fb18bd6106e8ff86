import pino from 'pino'
import { env } from '../env.ts'
import { loggableError } from './loggable-error.ts'

const holder = globalThis as { landfallLogger?: pino.Logger }

/** The log of the process, on stdout. */
export function logger(): pino.Logger {
  holder.landfallLogger ??= createLogger(env().LOG_LEVEL)
  return holder.landfallLogger
}

/** JSON lines. What a visitor typed is never logged. */
export function createLogger(level: string, destination?: pino.DestinationStream): pino.Logger {
  const options: pino.LoggerOptions = {
    level,
    serializers: { err: (error) => loggableError(error) },
    redact: ['*.payload', '*.values', '*.headers.authorization', '*.headers.cookie'],
  }
  return destination ? pino(options, destination) : pino(options)
}
