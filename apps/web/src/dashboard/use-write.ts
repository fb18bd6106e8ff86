'use client'

import type { WriteOptions, WriteTransaction } from '@landfall/local-db'
import { useLocalDb } from '@landfall/local-db/react'
import { useState } from 'react'
import { writeProblem } from './write-problem.ts'

/** Writes through the local database, and says in words why something could not be kept. */
export function useWrite() {
  const { db } = useLocalDb()
  const [problem, setProblem] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  /** @returns whether it is kept: on this device's disk, or on the server where that was asked for */
  const write = async (work: (tx: WriteTransaction) => Promise<unknown>, options: WriteOptions): Promise<boolean> => {
    if (!db) {
      setProblem('The leads on this device are not open yet. Please try again in a moment.')
      return false
    }
    setProblem(undefined)
    setIsBusy(true)
    try {
      await db.write(work, options)
      return true
    } catch (error) {
      const words = writeProblem(error)
      if (words === undefined) throw error
      setProblem(words)
      return false
    } finally {
      setIsBusy(false)
    }
  }
  return { write, problem, isBusy }
}
