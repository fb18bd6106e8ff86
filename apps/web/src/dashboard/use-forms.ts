'use client'

import type { FormDefinition } from '@landfall/contract'
import { useLiveQuery } from '@landfall/local-db/react'
import { formVersions } from '@landfall/local-db/tables'
import { useMemo } from 'react'

/** Every published version of every form of the workspace; empty until they are here. Live. */
export function useForms(): readonly FormDefinition[] {
  const { rows } = useLiveQuery((db) => db.select({ definition: formVersions.definition }).from(formVersions))
  return useMemo(() => rows?.map(({ definition }) => definition) ?? NONE, [rows])
}

const NONE: readonly FormDefinition[] = []
