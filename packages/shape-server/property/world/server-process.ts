import { once } from 'node:events'
import { argv, stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline'
import { type ShapeServerOptions, startShapeServer } from '../../src/shape-server.ts'

// The shape server in a process of its own: options as JSON in the first argument, its log and at last `ready` in stdout.

const options = JSON.parse(argv[2] ?? '{}') as ShapeServerOptions
const server = await startShapeServer({
  ...options,
  log: (line) => void stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`),
})
stdout.write('ready\n')

// Whoever started it may be killed: its end of the pipe closes then.
await Promise.race([once(process, 'SIGTERM'), once(createInterface({ input: stdin }), 'close')])
await server.stop()
process.exit(0)
