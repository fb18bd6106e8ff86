import type { Operation } from '@landfall/contract'
import pg from 'pg'

const LEAD_COLUMNS = `tenant_id, id, form_id, form_version, client_id, "values", attribution, consents, captured_at,
  captured_offline, write_id`

const INCOMING = `
  incoming AS (
    SELECT * FROM json_to_recordset($3::json) AS row("entityId" uuid, "opId" uuid, "formVersion" integer,
      "capturedAt" timestamptz, payload jsonb)
  )`

const INSERT_LEADS = `
  INSERT INTO leads (${LEAD_COLUMNS})
  SELECT $1, "entityId", payload->>'formId', "formVersion", $2, payload->'values', payload->'attribution', $4::jsonb,
    "capturedAt", true, "opId"
  FROM incoming`

const LEADS_ONLY = `WITH ${INCOMING} ${INSERT_LEADS}`

/** Same rows as the engine leaves behind: lead, receipt, history, and the ledger with its outcome. */
const SAME_EFFECT = `
  WITH ${INCOMING},
  lead AS (${INSERT_LEADS}),
  receipt AS (
    INSERT INTO lead_receipts (tenant_id, lead_id, client_id, form_title, captured_at, received_at, status_changed_at)
    SELECT $1, "entityId", $2, 'Quote request', "capturedAt", now(), now() FROM incoming
  ),
  event AS (
    INSERT INTO lead_events (tenant_id, lead_id, kind, actor_kind, actor_id, op_id, captured_at)
    SELECT $1, "entityId", 'created', 'visitor', $2::text, "opId", "capturedAt" FROM incoming
  )
  INSERT INTO sync_operations (tenant_id, op_id, actor_kind, actor_id, entity, action, entity_id, request_hash, result,
    request_id)
  SELECT $1, "opId", 'visitor', $2::text, 'lead', 'insert', "entityId", sha256(convert_to(payload::text, 'UTF8')),
    jsonb_build_object('opId', "opId", 'outcome', 'applied', 'txid', pg_current_xact_id()::text, 'version', 1), $5
  FROM incoming`

/** What the demo's form has a visitor agree to, as the engine keeps it with each lead. */
const CONSENTS = JSON.stringify([
  {
    field: 'privacy',
    formVersion: 1,
    text: 'Acme Roofing may keep these details to answer my request. They are not passed on, and are deleted after two years without work.',
    sha256: '0'.repeat(64),
    agreedAt: '2026-01-01T00:00:00.000Z',
  },
])

export type StatementKind = 'same effect' | 'leads only'

/** The floor of any ingest: one prepared statement a batch, in its own transaction, as the app's role under its policies. */
export class LeadStatement {
  readonly #client: pg.Client
  readonly #tenantId: string

  private constructor(client: pg.Client, tenantId: string) {
    this.#client = client
    this.#tenantId = tenantId
  }

  static async connect(databaseUrl: string, tenantId: string): Promise<LeadStatement> {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    // For the session: the statement that counts has nothing before it and nothing after.
    await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [tenantId])
    return new LeadStatement(client, tenantId)
  }

  async insert(kind: StatementKind, clientId: string, operations: readonly Operation[]): Promise<void> {
    const values: unknown[] = [this.#tenantId, clientId, JSON.stringify(operations), CONSENTS]
    switch (kind) {
      case 'same effect':
        await this.#client.query({ name: 'bench-same-effect', text: SAME_EFFECT, values: [...values, 'bench'] })
        break
      case 'leads only':
        await this.#client.query({ name: 'bench-leads-only', text: LEADS_ONLY, values })
        break
    }
  }

  end(): Promise<void> {
    return this.#client.end()
  }
}
