import { randomUUID } from 'node:crypto'
import {
  type FormDefinition,
  type LeadStatus,
  type LeadValues,
  RECEIPT_STATUS_OF,
  type SpamReason,
} from '@landfall/contract'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'
import { addresses } from './addresses.ts'

export interface StoredLead {
  id: string
  tenant_id: string
  values: Record<string, string | boolean>
  attribution: Record<string, string>
  status: string
  captured_offline: boolean
}

export interface StoredNote {
  id: string
  lead_id: string
  author_id: string
  body: string
  version: number
}

/** A lead as if it had arrived; times are minutes before now. */
export interface LeadToStore {
  values: LeadValues
  status: LeadStatus
  receivedMinutesAgo: number
  /** How long it waited on the device; 0 for a lead that was sent online. */
  offlineMinutes: number
  spamReasons?: readonly SpamReason[]
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

  /** Notes on the leads of a person, oldest first. */
  async notesOf(name: string): Promise<StoredNote[]> {
    const { rows } = await this.#client.query(
      `SELECT notes.* FROM notes JOIN leads ON leads.tenant_id = notes.tenant_id AND leads.id = notes.lead_id
        WHERE leads."values"->>'name' = $1 ORDER BY notes.created_at, notes.id`,
      [name],
    )
    return rows
  }

  /** What devices sent of notes, in the order of their ids: the server's own record. */
  async noteOperations(): Promise<{ action: string; entity_id: string }[]> {
    const { rows } = await this.#client.query(
      `SELECT action, entity_id FROM sync_operations WHERE entity = 'note' ORDER BY op_id`,
    )
    return rows
  }

  /** A member's role in all their workspaces. @returns how they get theirs back */
  async setRole(email: string, role: string): Promise<() => Promise<void>> {
    const { rows } = await this.#client.query(
      `UPDATE members SET role = $2 FROM members before, users
        WHERE before.id = members.id AND users.id = members.user_id AND users.email = $1
        RETURNING members.id, before.role`,
      [email, role],
    )
    return async () => {
      for (const row of rows) {
        await this.#client.query('UPDATE members SET role = $2 WHERE id = $1', [row.id, row.role])
      }
    }
  }

  /** Which of these client ids some tenant keeps as a device. */
  async devicesAmong(clientIds: readonly string[]): Promise<string[]> {
    const { rows } = await this.#client.query('SELECT client_id FROM devices WHERE client_id = ANY($1)', [clientIds])
    return rows.map((row) => row.client_id)
  }

  async removeLeadsOf(names: readonly string[]): Promise<void> {
    const { rows } = await this.#client.query(`DELETE FROM leads WHERE "values"->>'name' = ANY($1) RETURNING id`, [
      names,
    ])
    await this.#client.query(`DELETE FROM sync_operations WHERE entity_id = ANY($1) OR entity = 'note'`, [
      rows.map((row) => row.id),
    ])
    await this.#client.query('DELETE FROM rate_limits')
  }

  async lead(id: string): Promise<StoredLead | undefined> {
    const { rows } = await this.#client.query('SELECT * FROM leads WHERE id = $1', [id])
    return rows[0]
  }

  /** As if a member had begun to work on it. */
  async readLead(id: string): Promise<void> {
    await this.#client.query(`UPDATE leads SET status = 'reviewing', version = version + 1 WHERE id = $1`, [id])
  }

  /** A lead that the server no longer has; the returned function puts it back as it was. */
  async takeLeadAway(id: string): Promise<() => Promise<void>> {
    const { rows } = await this.#client.query('DELETE FROM leads WHERE id = $1 RETURNING to_jsonb(leads.*) AS row', [
      id,
    ])
    return async () => {
      await this.#client.query('INSERT INTO leads SELECT * FROM jsonb_populate_record(NULL::leads, $1)', [rows[0].row])
    }
  }

  /** Of a lead whose values are gone, and with them the name that it would be found by. */
  async removeLead(id: string): Promise<void> {
    await this.#client.query('DELETE FROM leads WHERE id = $1', [id])
    await this.#client.query('DELETE FROM sync_operations WHERE entity_id = $1', [id])
  }

  /** Leads with their receipts, in the tenant's first form. */
  async addLeads(slug: string, leads: readonly LeadToStore[]): Promise<void> {
    const { rows } = await this.#client.query(
      `SELECT t.id AS tenant_id, f.id AS form_id, f.title FROM tenants t JOIN forms f ON f.tenant_id = t.id
        WHERE t.slug = $1 ORDER BY f.position LIMIT 1`,
      [slug],
    )
    const [form] = rows
    for (const lead of leads) {
      const received = new Date(Date.now() - lead.receivedMinutesAgo * 60_000)
      const captured = new Date(received.getTime() - lead.offlineMinutes * 60_000)
      const [id, clientId] = [uuidv7(), uuidv7()]
      await this.#client.query(
        `INSERT INTO leads (tenant_id, id, form_id, form_version, client_id, "values", status, captured_at, received_at,
           updated_at, captured_offline, spam_reasons) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $8, $9, $10)`,
        [
          form.tenant_id,
          id,
          form.form_id,
          clientId,
          lead.values,
          lead.status,
          captured,
          received,
          captured < received,
          JSON.stringify(lead.spamReasons ?? []),
        ],
      )
      await this.#client.query(
        `INSERT INTO lead_receipts (tenant_id, lead_id, client_id, status, form_title, captured_at, received_at,
           status_changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
        [form.tenant_id, id, clientId, RECEIPT_STATUS_OF[lead.status], form.title, captured, received],
      )
    }
  }

  /** What the visitor's device is told of its lead. */
  async setReceipt(leadId: string, status: string): Promise<void> {
    await this.#client.query(
      'UPDATE lead_receipts SET status = $2, status_changed_at = now(), version = version + 1 WHERE lead_id = $1',
      [leadId, status],
    )
  }

  /**
   * Shows a next version of a form on new pages: one that nobody has read before, since the server remembers what it has
   * read. `become` changes it after a page was served and before the server judges by it, as no real version ever does:
   * it is how a page comes to send what its server does not take. `undo` shows the version before.
   */
  async publishForm(formId: string) {
    const { rows } = await this.#client.query<{ version: number; definition: FormDefinition }>(
      `UPDATE forms f SET current_version = (SELECT max(version) + 1 FROM form_versions WHERE form_id = f.id)
         FROM forms o JOIN form_versions v ON v.form_id = o.id AND v.version = o.current_version
        WHERE f.id = $1 AND o.id = f.id RETURNING o.current_version AS version, v.definition`,
      [formId],
    )
    const [before] = rows
    if (!before) throw new Error(`there is no form ${formId}`)
    const next = await this.#client.query<{ version: number }>(
      `INSERT INTO form_versions (tenant_id, form_id, version, definition)
         SELECT tenant_id, id, current_version, jsonb_set($2, '{version}', to_jsonb(current_version))
           FROM forms WHERE id = $1 RETURNING version`,
      [formId, before.definition],
    )
    const version = next.rows[0]?.version
    return {
      become: async (change: (definition: FormDefinition) => FormDefinition) => {
        const write = 'UPDATE form_versions SET definition = $3 WHERE form_id = $1 AND version = $2'
        await this.#client.query(write, [formId, version, { ...change(before.definition), version }])
      },
      undo: async () => {
        await this.#client.query('UPDATE forms SET current_version = $2 WHERE id = $1', [formId, before.version])
      },
    }
  }

  /** Somebody who works with the owner of a workspace, and signs in with the same password. @returns how they leave */
  async addColleague(slug: string, email: string): Promise<() => Promise<void>> {
    const id = randomUUID()
    await this.#client.query('INSERT INTO users (id, name, email) VALUES ($1, $2, $3)', [id, 'Sam Colleague', email])
    await this.#client.query(
      `INSERT INTO accounts (id, account_id, provider_id, user_id, password)
         SELECT $1, $1, provider_id, $1, password FROM accounts
          WHERE user_id = (SELECT id FROM users WHERE email = $2)`,
      [id, `owner@${slug}.test`],
    )
    await this.#client.query(
      `INSERT INTO members (id, organization_id, user_id) SELECT $1, id, $1 FROM tenants WHERE slug = $2`,
      [id, slug],
    )
    return async () => void (await this.#client.query('DELETE FROM users WHERE id = $1', [id]))
  }

  /** Ends what a person has signed in with, as time does. */
  async endSessions(email: string): Promise<void> {
    await this.#client.query('DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = $1)', [email])
  }

  /** Ends a person's memberships; the returned function gives them back. */
  async endMembership(email: string): Promise<() => Promise<void>> {
    const { rows } = await this.#client.query(
      'DELETE FROM members WHERE user_id = (SELECT id FROM users WHERE email = $1) RETURNING *',
      [email],
    )
    return async () => {
      for (const row of rows) {
        await this.#client.query(
          'INSERT INTO members (id, organization_id, user_id, role, created_at) VALUES ($1, $2, $3, $4, $5)',
          [row.id, row.organization_id, row.user_id, row.role, row.created_at],
        )
      }
    }
  }
}
