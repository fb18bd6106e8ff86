// The restart command of the replay: ends the server that the state file describes, and starts it again as it was.
import { restartServerProcess } from './server-process.ts'

const [stateFile] = process.argv.slice(2)
if (!stateFile) throw new Error('usage: restart-server.ts STATE_FILE')
await restartServerProcess(stateFile)
