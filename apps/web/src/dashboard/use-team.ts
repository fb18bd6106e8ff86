'use client'

import { useLiveQuery } from '@landfall/local-db/react'
import type { Member } from '@landfall/local-db/tables'
import { members } from '@landfall/local-db/tables'
import { createContext, useContext, useMemo } from 'react'

/** Who works in the workspace, as one of them sees it. */
export interface Team {
  /** The person at this device. */
  userId: string
  /** Whether they look after the workspace: its owner, or who was made an administrator. */
  isAdministrator: boolean
  /** Undefined for somebody who works here no more. */
  nameOf(userId: string): string | undefined
}

export const UserContext = createContext('')

export function useTeam(): Team {
  const userId = useContext(UserContext)
  const { rows } = useLiveQuery((db) => db.select().from(members))
  return useMemo(() => teamOf(userId, rows ?? []), [userId, rows])
}

export function teamOf(userId: string, colleagues: readonly Pick<Member, 'userId' | 'displayName' | 'role'>[]): Team {
  const byId = new Map(colleagues.map((colleague) => [colleague.userId, colleague]))
  const roles = byId.get(userId)?.role.split(',') ?? []
  return {
    userId,
    isAdministrator: roles.some((role) => ['owner', 'admin'].includes(role.trim())),
    nameOf: (id) => byId.get(id)?.displayName,
  }
}
