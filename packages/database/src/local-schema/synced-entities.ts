import { forms, formVersions, leadEvents, leadReceipts, leads, members, notes } from '../schema/index.ts'
import type { SyncedEntity } from './synced-entity.ts'

/** What devices keep of each table of the model. `pnpm db:generate` makes the local schema of it. */
export const SYNCED_ENTITIES: readonly SyncedEntity[] = [
  {
    model: leadReceipts,
    shape: 'receipts',
    view: null,
    rowType: 'Receipt',
    excluded: ['tenant_id', 'client_id'],
  },
  {
    model: leads,
    shape: 'leads',
    view: 'leads',
    rowType: 'Lead',
    excluded: ['tenant_id', 'client_id', 'field_edits'],
    jsonTypes: {
      values: 'LeadValues',
      attribution: 'Attribution',
      spam_reasons: 'SpamReason[]',
      consents: 'LeadConsent[]',
    },
    shownWhenAbsent: { spam_reasons: `'[]'`, consents: `'[]'` },
    // The newest first, without sorting all of them.
    indexes: [['received_at', 'id']],
    writes: {
      entity: 'lead',
      insertable: [],
      mutable: ['status', 'values'],
      isDeletable: false,
      mergedByKey: ['values'],
      // Nobody can work on a lead that its visitor took back: an edit that is on its way will be refused.
      frozenWhen: `synced.status = 'withdrawn'`,
      defaultMode: 'optimistic',
    },
  },
  {
    model: notes,
    shape: 'notes',
    view: 'notes',
    rowType: 'Note',
    // The device of an edit settles conflicts on the server and names nobody here.
    excluded: ['tenant_id', 'device_id'],
    indexes: [['lead_id']],
    writes: {
      entity: 'note',
      insertable: ['lead_id', 'body'],
      mutable: ['body'],
      isDeletable: true,
      shownWhenNew: {
        author_id: `(SELECT nullif(split_part(owner, '.', 2), '') FROM local_owner)`,
        created_at: 'local.captured_at',
        updated_at: 'local.captured_at',
        version: '0',
      },
      defaultMode: 'optimistic',
    },
  },
  {
    model: leadEvents,
    shape: 'lead_events',
    view: 'lead_events',
    rowType: 'LeadEvent',
    // Of a visitor, the actor's id is their device.
    excluded: ['tenant_id', 'actor_id'],
    jsonTypes: { data: 'Record<string, unknown>' },
    indexes: [['lead_id']],
  },
  {
    model: members,
    shape: 'members',
    view: 'members',
    rowType: 'Member',
    excluded: ['organization_id'],
  },
  {
    model: forms,
    shape: 'forms',
    view: 'forms',
    rowType: 'Form',
    excluded: ['tenant_id'],
  },
  {
    model: formVersions,
    shape: 'form_versions',
    view: 'form_versions',
    rowType: 'FormVersion',
    excluded: ['tenant_id'],
    jsonTypes: { definition: 'FormDefinition' },
  },
]
