import type { BatchAnswer, BatchEnvelope } from '@landfall/contract'

/** The answer of a server that takes everything and stores nothing. */
export function bareAnswer(body: string): BatchAnswer {
  const { protocol, operations } = JSON.parse(body) as BatchEnvelope
  return {
    protocol,
    requestId: 'bench-bare-server',
    serverTime: new Date().toISOString(),
    results: operations.map(({ opId }) => ({ opId, outcome: 'applied', txid: 1, version: 1 })),
  }
}
