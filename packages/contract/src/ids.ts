import * as z from 'zod'

/** A UUID of version 7, lower case: made on the device, ordered by time. */
export const uuidV7 = z.uuidv7().lowercase()

/** Public id of a form, as it stands in a page's markup: `f_` and 8–32 letters or digits. */
export const formId = z.string().regex(/^f_[a-z0-9]{8,32}$/)
