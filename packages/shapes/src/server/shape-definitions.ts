import type { MemberShape, ShapeName, VisitorShape } from '@landfall/contract'

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

type ReaderOf<Kind extends ShapeReader['kind']> = Extract<ShapeReader, { kind: Kind }>

const VISITOR_DEFINITIONS: Record<VisitorShape, (reader: ReaderOf<'visitor'>) => ShapeDefinition> = {
  receipts: ({ tenantId, clientId }) => ({
    table: 'lead_receipts',
    columns: [
      'tenant_id',
      'lead_id',
      'status',
      'form_title',
      'captured_at',
      'received_at',
      'status_changed_at',
      'version',
    ],
    where: 'tenant_id = $1 AND client_id = $2',
    params: [tenantId, clientId],
  }),
}

const MEMBER_DEFINITIONS: Record<MemberShape, (reader: ReaderOf<'member'>) => ShapeDefinition> = {
  leads: ({ tenantId }) => ({
    table: 'leads',
    columns: [
      'tenant_id',
      'id',
      'form_id',
      'form_version',
      'values',
      'attribution',
      'status',
      'captured_at',
      'received_at',
      'captured_offline',
      'clock_skew_ms',
      'updated_at',
      'version',
      'write_id',
    ],
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
