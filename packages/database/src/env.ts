/** The only reader of `process.env` in this package. */
export function ownerUrl(): string {
  const url = process.env.DATABASE_OWNER_URL
  if (!url) throw new Error('DATABASE_OWNER_URL is missing: the connection string of the role that owns the tables.')
  return url
}
