import { Agent } from 'node:http'
import pg from 'pg'
import { answerParent } from './answer-parent.ts'
import { LiveClient, type Transport } from './live-client.ts'

export interface LiveClientsTasks {
  /** Reads these shapes once, so that they are there. */
  create: { task: { urls: string[] }; answer: number }
  /** Replaces the clients by others, one a url; resolves when all of them wait for changes. */
  follow: { task: { urls: string[]; transport: Transport }; answer: number }
  /** Listens to notifications instead. */
  listen: { task: { databaseUrl: string; channel: string }; answer: number }
  /** Milliseconds from the mark, a time in nanoseconds, to its arrival at each of so many clients. */
  arrivals: { task: { mark: string; clients: number }; answer: number[] }
}

/** At once, while shapes are made. */
const MAKERS = 16

const arrivals = new Map<string, number[]>()
let listener: pg.Client | undefined
let wake = () => {}

/** Clients that follow together; those before them may still end their last requests. */
interface Group {
  agent: Agent
  clients: LiveClient[]
  /** Requests for changes that are on their way. */
  waiting: number
}
const newGroup = (): Group => ({ agent: new Agent({ keepAlive: true }), clients: [], waiting: 0 })
let group = newGroup()

async function dismiss(): Promise<void> {
  for (const client of group.clients) client.close()
  group.agent.destroy()
  group = newGroup()
  arrivals.clear()
  await listener?.end()
  listener = undefined
}

function onMark(mark: string): void {
  const latencyMs = Number(process.hrtime.bigint() - BigInt(mark)) / 1e6
  const list = arrivals.get(mark)
  if (list) list.push(latencyMs)
  else arrivals.set(mark, [latencyMs])
  wake()
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
}

async function inTurns(urls: readonly string[], work: (url: string) => Promise<void>): Promise<void> {
  const left = [...urls]
  const maker = async () => {
    for (let url = left.shift(); url !== undefined; url = left.shift()) await work(url)
  }
  await Promise.all(Array.from({ length: MAKERS }, maker))
}

const clientOf = (url: string, transport: Transport, of: Group) =>
  new LiveClient({
    agent: of.agent,
    url,
    transport,
    onMark,
    onWaiting() {
      of.waiting += 1
      wake()
    },
    onAnswered() {
      of.waiting -= 1
    },
  })

answerParent<LiveClientsTasks>({
  async create({ urls }) {
    const makers = newGroup()
    await inTurns(urls, (url) => clientOf(url, 'long-poll', makers).catchUp())
    makers.agent.destroy()
    return urls.length
  },
  async follow({ urls, transport }) {
    await dismiss()
    const current = group
    current.clients = urls.map((url) => clientOf(url, transport, current))
    const left = [...current.clients]
    await inTurns(urls, async () => left.shift()?.catchUp())
    for (const client of current.clients) {
      client.follow().catch((error: unknown) => {
        process.stderr.write(`a live client ended: ${error}\n`)
        process.exit(1)
      })
    }
    await until(() => current.waiting >= current.clients.length)
    return current.clients.length
  },
  async listen({ databaseUrl, channel }) {
    await dismiss()
    listener = new pg.Client({ connectionString: databaseUrl })
    await listener.connect()
    listener.on('notification', ({ payload }) => onMark(payload ?? '0'))
    await listener.query(`LISTEN ${channel}`)
    return 1
  },
  async arrivals({ mark, clients: expected }) {
    // Whoever got it waits again before the next one is sent.
    await until(() => (arrivals.get(mark)?.length ?? 0) >= expected && group.waiting >= group.clients.length)
    const found = arrivals.get(mark) ?? []
    arrivals.delete(mark)
    return found
  },
})
process.once('SIGTERM', () => process.exit(0))
