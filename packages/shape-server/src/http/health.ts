import type { ReplicationStatus } from '../replication/replication-supervisor.ts'
import { type Answer, JSON_TYPE } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'

const HEALTH: Record<ReplicationStatus, { status: number; word: string }> = {
  starting: { status: 202, word: 'starting' },
  waiting: { status: 202, word: 'waiting' },
  'catching-up': { status: 202, word: 'starting' },
  streaming: { status: 200, word: 'active' },
  reconnecting: { status: 202, word: 'waiting' },
  stopped: { status: 202, word: 'waiting' },
}

export function health(replication: ReplicationStatus): Answer {
  const { status, word } = HEALTH[replication]
  return {
    status,
    headers: { 'cache-control': CACHE_CONTROL.health, ...JSON_TYPE },
    body: JSON.stringify({ status: word }),
  }
}
