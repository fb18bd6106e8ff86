import { SETTINGS } from './settings.ts'

/** What `--help` prints. */
export function usage(): string {
  const rows = Object.values(SETTINGS).map(({ flag, value, variable, help }) => {
    const asFlag = flag ? `--${flag}${value ? ` ${value}` : ''}` : ''
    return { name: asFlag, variable, help }
  })
  const nameWidth = Math.max(...rows.map(({ name }) => name.length))
  const variableWidth = Math.max(...rows.map(({ variable }) => variable.length))
  const lines = rows.map(
    ({ name, variable, help }) => `  ${name.padEnd(nameWidth)}  ${variable.padEnd(variableWidth)}  ${help}`,
  )
  return [
    'Serves shapes of a Postgres database over the HTTP protocol of Electric.',
    '',
    'Usage: landfall-shape-server --database-url URL --secret TEXT [flags]',
    '',
    'Each flag has a variable; a flag wins. Some things are set by variable only.',
    '',
    ...lines,
    '',
    '  --help, --version',
    '',
  ].join('\n')
}
