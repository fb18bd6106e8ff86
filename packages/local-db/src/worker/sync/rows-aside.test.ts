import { expect, it } from 'vitest'
import { RowsAside } from './rows-aside.ts'

const answer = (offset: string, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { headers: { 'electric-handle': 'h', 'electric-offset': offset, ...headers } })

it('gives rows to whoever comes to their place, also when more was fetched ahead', async () => {
  const aside = new RowsAside()
  const first = await aside.setRowsAside(answer('0_0', [{ key: 'a', value: { big: '9007199254740993' }, headers: {} }]))
  await aside.setRowsAside(answer('0_1', [{ key: 'b', value: { id: 'b' }, headers: {} }]))
  expect(await first.json()).toEqual([{ headers: { control: 'rows' } }])
  expect(first.headers.get('electric-offset')).toBe('0_0')
  expect(aside.takeRows({ handle: 'h', offset: '0_0' })).toMatchObject([{ value: { big: '9007199254740993' } }])
  expect(aside.takeRows({ handle: 'h', offset: '0_1' })).toMatchObject([{ key: 'b' }])
  expect(aside.takeRows({ handle: 'h', offset: '0_1' })).toEqual([])
})

it('lets the client know that the end was reached', async () => {
  const response = await new RowsAside().setRowsAside(answer('5_0', [], { 'electric-up-to-date': '' }))
  expect(await response.json()).toEqual([{ headers: { control: 'up-to-date' } }])
})

it('passes on what is no answer with rows', async () => {
  const refusal = new Response('[{"headers":{"control":"must-refetch"}}]', { status: 409 })
  expect(await new RowsAside().setRowsAside(refusal)).toBe(refusal)
})
