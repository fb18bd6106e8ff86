import * as z from 'zod'

/**
 * How a visitor's device proves that it is the one that sent a lead: `Authorization: Device <clientId>.<key>`.
 *
 * The key is 256 random bits in base64url, made on the device. The server keeps its SHA-256 and believes the first one
 * that it sees for a client id.
 */
export const DEVICE_AUTH_SCHEME = 'Device'

export const deviceKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export interface DeviceIdentity {
  clientId: string
  key: string
}

export function deviceAuthorization(device: DeviceIdentity): string {
  return `${DEVICE_AUTH_SCHEME} ${device.clientId}.${device.key}`
}

const HEADER = /^Device ([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/

/** The device named by the header, or undefined when there is none that can be read. */
export function parseDeviceAuthorization(header: string | null): DeviceIdentity | undefined {
  const match = header ? HEADER.exec(header) : null
  if (!match?.[1] || !match[2]) return undefined
  return z.uuidv7().safeParse(match[1]).success ? { clientId: match[1], key: match[2] } : undefined
}
