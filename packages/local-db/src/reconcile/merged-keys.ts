import { WRITABLE_ENTITIES } from '../schema/generated/entities.ts'
import type { MergedKeysOf } from './fold-operations.ts'

interface Merging {
  mergedByKey: readonly string[]
  payloadKeys: Readonly<Record<string, string>>
}

const MERGED_KEYS = new Map(
  Object.entries<Merging>(WRITABLE_ENTITIES).map(([entity, { mergedByKey, payloadKeys }]) => [
    entity,
    mergedByKey.map((column) => payloadKeys[column] ?? column),
  ]),
)

/** Payload keys that are merged key by key, as the model says; none of an entity that this build does not know. */
export const mergedKeysOf: MergedKeysOf = (entity) => MERGED_KEYS.get(entity) ?? []
