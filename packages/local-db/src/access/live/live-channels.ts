import type { AccessHost } from '../access-host.ts'
import type { Connection } from '../connection.ts'
import { LiveChannel } from './live-channel.ts'

/** The live channel of the present connection, and the word that there is another one. */
export class LiveChannels {
  readonly #host: AccessHost
  #channel: { connection: Connection; channel: LiveChannel } | undefined

  constructor(host: AccessHost) {
    this.#host = host
    // Also where the connection stays the same object: what was prepared in the old worker's session is gone.
    host.onReconnect(() => {
      this.#channel = undefined
    })
  }

  async present(): Promise<LiveChannel> {
    const connection = await this.#host.pg()
    if (this.#channel?.connection !== connection) {
      this.#channel = { connection, channel: new LiveChannel(connection) }
    }
    return this.#channel.channel
  }

  onReconnect(listener: () => void): () => void {
    return this.#host.onReconnect(listener)
  }
}
