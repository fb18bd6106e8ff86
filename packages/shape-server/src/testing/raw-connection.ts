import { connect, type Socket } from 'node:net'
import { cleanUp } from './harness.ts'

/** A TCP connection that sends what it likes, for requests that no HTTP client would make. */
export interface RawConnection {
  socket: Socket
  send(text: string): void
  /** All that came so far. */
  readonly received: string
  /** Resolves with all that came when the other side has closed. */
  closed: Promise<string>
}

export async function openRawConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  cleanUp(async () => socket.destroy())
  let received = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
  })
  // A reset is a way of closing, too.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)))
  await new Promise((resolve) => socket.once('connect', resolve))
  return {
    socket,
    send: (text) => socket.write(text),
    get received() {
      return received
    },
    closed,
  }
}
