import {
  type DeviceIdentity,
  deviceAuthorization,
  type FormDefinition,
  type FormField,
  type Operation,
} from '@landfall/contract'
import { type SeededRandom, uuidAt } from '../seeded-random.ts'

/** A visitor's device as it writes to the batch route, without the outbox: it can also do what no outbox does. */
export interface Device extends DeviceIdentity {
  headers: { authorization: string }
}

export function newDevice(random: SeededRandom): Device {
  const identity = {
    clientId: uuidAt(Date.now(), random),
    key: Buffer.from(random.bytes(32)).toString('base64url'),
  }
  return { ...identity, headers: { authorization: deviceAuthorization(identity) } }
}

/** Values that a form takes, with the mark of the write as the name of its person. */
export function fillForm(form: FormDefinition, mark: string): Record<string, string | boolean> {
  return Object.fromEntries(form.fields.map((field) => [field.name, field.name === 'name' ? mark : valueFor(field)]))
}

function valueFor(field: FormField): string | boolean {
  switch (field.type) {
    case 'email':
      return 'ada@example.com'
    case 'phone':
      return '+44 114 496 0182'
    case 'select':
      return field.options[0]?.value ?? ''
    case 'checkbox':
    case 'consent':
      return true
    case 'text':
    case 'textarea':
      return 'A brown patch on the ceiling.'
  }
}

export function newLead(form: FormDefinition, mark: string, random: SeededRandom): Operation {
  return {
    opId: uuidAt(Date.now(), random),
    entity: 'lead',
    action: 'insert',
    entityId: uuidAt(Date.now(), random),
    formVersion: form.version,
    capturedAt: new Date().toISOString(),
    payload: { formId: form.formId, values: fillForm(form, mark) },
  }
}

export function envelope(device: Device, operations: readonly unknown[], protocol = 1): string {
  return JSON.stringify({ protocol, clientId: device.clientId, sentAt: new Date().toISOString(), operations })
}
