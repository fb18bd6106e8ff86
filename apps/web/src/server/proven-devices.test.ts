import { expect, test } from 'vitest'
import { ProvenDevices } from './proven-devices.ts'

const device = (name: string, key = 'k') => ({ clientId: name, key: key.repeat(43) })

test('a device is known with the key it was proven with, at the tenant it was proven at', () => {
  const devices = new ProvenDevices()
  devices.add('acme', device('a'))
  expect(devices.has('acme', device('a'))).toBe(true)
  expect(devices.has('acme', device('a', 'x'))).toBe(false)
  expect(devices.has('lumen', device('a'))).toBe(false)
  expect(devices.has('acme', device('b'))).toBe(false)
})

test('a wrong key does not drive out the right one', () => {
  const devices = new ProvenDevices()
  devices.add('acme', device('a'))
  devices.has('acme', device('a', 'x'))
  expect(devices.has('acme', device('a'))).toBe(true)
})

test('who was not seen for longest makes room', () => {
  const devices = new ProvenDevices(2)
  devices.add('acme', device('a'))
  devices.add('acme', device('b'))
  devices.has('acme', device('a'))
  devices.add('acme', device('c'))
  expect(['a', 'b', 'c'].filter((name) => devices.has('acme', device(name)))).toEqual(['a', 'c'])
})
