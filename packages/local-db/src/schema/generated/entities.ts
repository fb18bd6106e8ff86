// Made by `pnpm db:generate` from packages/database/src/local-schema. Do not edit.

/** Which table a shape fills: the columns of its rows with their types. */
export const SYNCED_SHAPES = {
  receipts: {
    table: 'receipts_synced',
    primaryKey: ['lead_id'],
    columns: {
      lead_id: 'uuid',
      status: 'text',
      form_title: 'text',
      captured_at: 'timestamp with time zone',
      received_at: 'timestamp with time zone',
      status_changed_at: 'timestamp with time zone',
      version: 'integer',
    },
  },
  leads: {
    table: 'leads_synced',
    primaryKey: ['id'],
    columns: {
      id: 'uuid',
      form_id: 'text',
      form_version: 'integer',
      values: 'jsonb',
      attribution: 'jsonb',
      status: 'text',
      spam_reasons: 'jsonb',
      consents: 'jsonb',
      captured_at: 'timestamp with time zone',
      received_at: 'timestamp with time zone',
      captured_offline: 'boolean',
      clock_skew_ms: 'integer',
      updated_at: 'timestamp with time zone',
      version: 'integer',
      write_id: 'uuid',
    },
  },
  notes: {
    table: 'notes_synced',
    primaryKey: ['id'],
    columns: {
      id: 'uuid',
      lead_id: 'uuid',
      author_id: 'text',
      body: 'text',
      created_at: 'timestamp with time zone',
      updated_at: 'timestamp with time zone',
      version: 'integer',
      write_id: 'uuid',
    },
  },
  lead_events: {
    table: 'lead_events_synced',
    primaryKey: ['id'],
    columns: {
      id: 'uuid',
      lead_id: 'uuid',
      kind: 'text',
      actor_kind: 'text',
      member_id: 'text',
      op_id: 'uuid',
      data: 'jsonb',
      captured_at: 'timestamp with time zone',
      created_at: 'timestamp with time zone',
    },
  },
  members: {
    table: 'members_synced',
    primaryKey: ['id'],
    columns: {
      id: 'text',
      user_id: 'text',
      display_name: 'text',
      role: 'text',
      created_at: 'timestamp with time zone',
    },
  },
  forms: {
    table: 'forms_synced',
    primaryKey: ['id'],
    columns: {
      id: 'text',
      title: 'text',
      current_version: 'integer',
      position: 'integer',
      created_at: 'timestamp with time zone',
    },
  },
  form_versions: {
    table: 'form_versions_synced',
    primaryKey: ['form_id', 'version'],
    columns: {
      form_id: 'text',
      version: 'integer',
      definition: 'jsonb',
      published_at: 'timestamp with time zone',
    },
  },
} as const
export type SyncedShape = keyof typeof SYNCED_SHAPES

/** What may be written, by `entity` of the operations. Columns are those of the view; `payloadKeys` are by column. */
export const WRITABLE_ENTITIES = {
  lead: {
    view: 'leads',
    shape: 'leads',
    syncedTable: 'leads_synced',
    localTable: 'leads_local',
    payloadKeys: { values: 'values', status: 'status' },
    insertable: [],
    mutable: ['status', 'values'],
    mergedByKey: ['values'],
    isDeletable: false,
    defaultMode: 'optimistic',
  },
  note: {
    view: 'notes',
    shape: 'notes',
    syncedTable: 'notes_synced',
    localTable: 'notes_local',
    payloadKeys: { lead_id: 'leadId', body: 'body' },
    insertable: ['lead_id', 'body'],
    mutable: ['body'],
    mergedByKey: [],
    isDeletable: true,
    defaultMode: 'optimistic',
  },
} as const
export type WritableEntity = keyof typeof WRITABLE_ENTITIES
