import * as z from 'zod'

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'

/** Labels below the root domain that are no tenant's: the dashboard's, and what people and mail take for the operator's. */
const RESERVED_LABELS: ReadonlySet<string> = new Set([
  'app',
  'www',
  'api',
  'admin',
  'mail',
  'smtp',
  'imap',
  'ns1',
  'ns2',
])

/** A tenant's label below the root domain. */
export const tenantLabel = z
  .string()
  .regex(new RegExp(`^${LABEL}$`), 'a label of 1–63 letters a–z, digits and inner hyphens')
  .refine((label) => !RESERVED_LABELS.has(label), 'this label is not for tenants')

/**
 * A name that the public DNS may hold, as certificates have it: lower case, ASCII (an international name as `xn--…`), at
 * least two labels, no port, no trailing dot. An IPv4 address is none: its last label is a number.
 */
export const publicHostName = z
  .string()
  .max(253)
  .regex(new RegExp(`^(?:${LABEL}\\.)+(?=[^.]*[a-z])${LABEL}$`), 'a host name such as shop.example.com, in lower case')
