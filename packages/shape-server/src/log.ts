export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** One structured line of the log. Never carries values of rows, parameters or secrets. */
export interface LogLine {
  level: LogLevel
  message: string
  [field: string]: unknown
}

export type Log = (line: LogLine) => void

/** Writes one JSON object a line, and nothing below the level. */
export function createJsonLog(least: LogLevel, write: (line: string) => void): Log {
  const from = LOG_LEVELS.indexOf(least)
  return (line) => {
    if (LOG_LEVELS.indexOf(line.level) < from) return
    write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`)
  }
}
