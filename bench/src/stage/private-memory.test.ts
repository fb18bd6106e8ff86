import { expect, test } from 'vitest'
import { privateMemoryOf } from './private-memory.ts'

test('a profile on which no browser runs is an error, and not a browser without memory', async () => {
  await expect(privateMemoryOf('/nowhere/profile')).rejects.toThrow(/no browser runs on \/nowhere\/profile/)
})
