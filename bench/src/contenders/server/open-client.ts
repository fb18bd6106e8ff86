import { openEngineClient } from './engine-client.ts'
import { openHttpClient } from './http-client.ts'
import { LeadStatement, type StatementKind } from './lead-statement.ts'
import type { ServerAddresses, ServerClient, ServerContender } from './server-contender.ts'

export async function openClient(contender: ServerContender, addresses: ServerAddresses): Promise<ServerClient> {
  switch (contender) {
    case 'landfall over HTTP':
      return openHttpClient(addresses.appPort, 'outcomes')
    case 'landfall, engine alone':
      return openEngineClient(addresses.appDatabaseUrl, addresses.tenantId)
    case 'bare handler, 204':
      return openHttpClient(addresses.barePort, '204')
    case 'bare statement':
      return openStatementClient('same effect', addresses)
    case 'leads only':
      return openStatementClient('leads only', addresses)
  }
}

async function openStatementClient(kind: StatementKind, addresses: ServerAddresses): Promise<ServerClient> {
  const statement = await LeadStatement.connect(addresses.appDatabaseUrl, addresses.tenantId)
  return {
    send: (device, operations) => statement.insert(kind, device.clientId, operations),
    close: () => statement.end(),
  }
}
