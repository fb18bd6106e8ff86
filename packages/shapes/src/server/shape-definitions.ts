import { type MemberShape, SHAPE_COLUMNS, type ShapeName, type VisitorShape } from '@landfall/contract'

/** Who reads a shape, as the route handler has proven it. */
export type ShapeReader =
  | { kind: 'visitor'; tenantId: string; clientId: string }
  | { kind: 'member'; tenantId: string; userId: string }

/** What Electric is asked for. `where` has positional parameters only; nothing of it comes from the request. */
export interface ShapeDefinition {
  table: string
  columns: readonly string[]
  where: string
  params: readonly string[]
}

/** First part of the key of most tables, which a shape must hold; devices leave it out. */
const TENANT_COLUMN = 'tenant_id'

type ReaderOf<Kind extends ShapeReader['kind']> = Extract<ShapeReader, { kind: Kind }>

const VISITOR_DEFINITIONS: Record<VisitorShape, (reader: ReaderOf<'visitor'>) => ShapeDefinition> = {
  receipts: ({ tenantId, clientId }) => ({
    table: 'lead_receipts',
    columns: [TENANT_COLUMN, ...SHAPE_COLUMNS.receipts],
    where: 'tenant_id = $1 AND client_id = $2',
    params: [tenantId, clientId],
  }),
}

const MEMBER_DEFINITIONS: Record<MemberShape, (reader: ReaderOf<'member'>) => ShapeDefinition> = {
  leads: ({ tenantId }) => ({
    table: 'leads',
    columns: [TENANT_COLUMN, ...SHAPE_COLUMNS.leads],
    where: 'tenant_id = $1',
    params: [tenantId],
  }),
  // Without `actor_id`: of a visitor that is their device.
  lead_events: ({ tenantId }) => ({
    table: 'lead_events',
    columns: [TENANT_COLUMN, ...SHAPE_COLUMNS.lead_events],
    where: 'tenant_id = $1',
    params: [tenantId],
  }),
  notes: ({ tenantId }) => ({
    table: 'notes',
    columns: [TENANT_COLUMN, ...SHAPE_COLUMNS.notes],
    where: 'tenant_id = $1',
    params: [tenantId],
  }),
  members: ({ tenantId }) => ({
    table: 'members',
    columns: SHAPE_COLUMNS.members,
    where: 'organization_id = $1',
    params: [tenantId],
  }),
  forms: ({ tenantId }) => ({
    table: 'forms',
    columns: SHAPE_COLUMNS.forms,
    where: 'tenant_id = $1',
    params: [tenantId],
  }),
  form_versions: ({ tenantId }) => ({
    table: 'form_versions',
    columns: SHAPE_COLUMNS.form_versions,
    where: 'tenant_id = $1',
    params: [tenantId],
  }),
}

/** The shape of this name for this reader; undefined when there is none for readers of this kind. */
export function shapeFor(name: string, reader: ShapeReader): ShapeDefinition | undefined {
  switch (reader.kind) {
    case 'visitor':
      return isKeyOf(VISITOR_DEFINITIONS, name) ? VISITOR_DEFINITIONS[name](reader) : undefined
    case 'member':
      return isKeyOf(MEMBER_DEFINITIONS, name) ? MEMBER_DEFINITIONS[name](reader) : undefined
  }
}

function isKeyOf<T extends Partial<Record<ShapeName, unknown>>>(
  definitions: T,
  name: string,
): name is keyof T & string {
  return Object.hasOwn(definitions, name)
}
