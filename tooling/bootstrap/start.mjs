import { installedNode, main, openly, prepare, quietly, say, step } from './environment.mjs'

// `npm start`: from a fresh clone to a running demo.
await main(async () => {
  say('Landfall\n')
  await prepare()
  await step('Building (half a minute the first time)', () =>
    quietly('pnpm', ['exec', 'turbo', 'run', 'build', '--filter=@landfall/web', '--output-logs=errors-only']),
  )
  process.exit(await openly(installedNode(), ['packages/dev-stack/src/start-cli.ts']))
})
