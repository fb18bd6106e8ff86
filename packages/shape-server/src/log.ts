export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One structured line of the log. Never carries values of rows, parameters or secrets. */
export interface LogLine {
  level: LogLevel
  message: string
  [field: string]: unknown
}

export type Log = (line: LogLine) => void
