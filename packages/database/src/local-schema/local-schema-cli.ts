import { argv } from 'node:process'
import { generateLocalSchema } from './generate-local-schema.ts'
import { differences, writeGenerated } from './generated-files.ts'
import { SYNCED_ENTITIES } from './synced-entities.ts'

// `write`: makes the local schema of the model. `check`: fails where the committed one is another.
const command = argv[2]
const wanted = await generateLocalSchema(SYNCED_ENTITIES)
if (command === 'write') {
  const touched = await writeGenerated(wanted)
  console.log(touched.length > 0 ? `local schema: wrote ${touched.join(', ')}` : 'local schema: nothing changed')
} else if (command === 'check') {
  const found = await differences(wanted)
  if (found !== '') {
    console.error(`The local schema is not that of the model (-: committed, +: of the model).\n\n${found}\n`)
    console.error('Run `pnpm db:generate` and commit what it writes.')
    process.exitCode = 1
  } else {
    console.log('local schema: as the model says')
  }
} else {
  console.error('Use: local-schema-cli.ts write | check')
  process.exitCode = 2
}
