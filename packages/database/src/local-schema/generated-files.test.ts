import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { generateLocalSchema } from './generate-local-schema.ts'
import { differences, writeGenerated } from './generated-files.ts'
import { SYNCED_ENTITIES } from './synced-entities.ts'

const emptyFolder = async () => pathToFileURL(`${await mkdtemp(join(tmpdir(), 'local-schema-'))}/`)

test('the committed local schema is that of the model', async () => {
  expect(await differences(await generateLocalSchema(SYNCED_ENTITIES))).toBe('')
})

test('the same model gives the same bytes', async () => {
  expect(await generateLocalSchema(SYNCED_ENTITIES)).toEqual(await generateLocalSchema(SYNCED_ENTITIES))
})

test('a difference is shown with its line and what stands around it', async () => {
  const folder = await emptyFolder()
  await writeGenerated({ 'a.sql': 'one\ntwo\nthree\nfour\n', 'b.sql': 'same\n' }, folder)
  const found = await differences({ 'a.sql': 'one\ntwo\n3\nfour\n', 'b.sql': 'same\n' }, folder)
  expect(found).toContain('a.sql\n  from line 3:\n  one\n  two\n- three\n+ 3\n  four')
  expect(found).not.toContain('b.sql')
})

test('a file that is missing, and one that is not generated any more, are differences too', async () => {
  const folder = await emptyFolder()
  await writeFile(new URL('old.sql', folder), 'x')
  const found = await differences({ 'new.sql': 'y' }, folder)
  expect(found).toMatch(/new\.sql\n {2}is missing/)
  expect(found).toMatch(/old\.sql\n {2}is not generated any more/)
})

test('writing touches what differs, and removes what is not generated any more', async () => {
  const folder = await emptyFolder()
  await writeGenerated({ 'a.sql': 'a', 'b.sql': 'b', 'c.sql': 'c' }, folder)
  expect(await writeGenerated({ 'a.sql': 'a', 'b.sql': 'B' }, folder)).toEqual(['b.sql', 'c.sql'])
  expect(await differences({ 'a.sql': 'a', 'b.sql': 'B' }, folder)).toBe('')
})
