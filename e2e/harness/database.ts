import pg from 'pg'
import { addresses } from './addresses.ts'

export interface StoredLead {
  id: string
  tenant_id: string
  values: Record<string, string | boolean>
  attribution: Record<string, string>
  status: string
  captured_offline: boolean
}

/** Looks at what is really stored, behind every policy. */
export class Database {
  readonly #client = new pg.Client({ connectionString: addresses().databaseUrl })

  connect() {
    return this.#client.connect()
  }

  end() {
    return this.#client.end()
  }

  /** Leads in which this person's name stands, of all tenants. */
  async leadsOf(name: string): Promise<StoredLead[]> {
    const { rows } = await this.#client.query(`SELECT * FROM leads WHERE "values"->>'name' = $1`, [name])
    return rows
  }

  async removeLeadsOf(names: readonly string[]): Promise<void> {
    const { rows } = await this.#client.query(`DELETE FROM leads WHERE "values"->>'name' = ANY($1) RETURNING id`, [
      names,
    ])
    await this.#client.query('DELETE FROM sync_operations WHERE entity_id = ANY($1)', [rows.map((row) => row.id)])
    await this.#client.query('DELETE FROM rate_limits')
  }
}
