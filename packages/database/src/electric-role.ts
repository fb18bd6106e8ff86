import pg from 'pg'

/** Electric's login: it may read and follow the tables of the shapes, and nothing else. */
export const ELECTRIC_ROLE = 'landfall_electric'
/** The name that Electric looks for when ELECTRIC_REPLICATION_STREAM_ID is not set. */
export const ELECTRIC_PUBLICATION = 'electric_publication_default'

/**
 * Makes Electric's role and publication, or brings them up to date: for ELECTRIC_MANUAL_TABLE_PUBLISHING=true, with
 * which Electric needs no rights over tables. It is run after every migration.
 *
 * Row-level security must not bind the role, or shapes would be empty: the app filters by tenant. A shape's table is one
 * whose whole old rows are written to the log (REPLICA IDENTITY FULL), which the migrations say.
 *
 * @param ownerUrl of a superuser, or of an owner who has CREATEROLE, REPLICATION and BYPASSRLS itself; an owner without
 *   them takes the role as it was made, and may only be able to change its password
 */
export async function prepareElectricRole(ownerUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<{ is_known: boolean; is_superuser: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS is_known, rolsuper AS is_superuser
         FROM pg_roles WHERE rolname = current_user`,
      [ELECTRIC_ROLE],
    )
    const [{ is_known: isKnown, is_superuser: isSuperuser } = { is_known: false, is_superuser: false }] = rows
    if (!isKnown) await client.query(`CREATE ROLE ${ELECTRIC_ROLE}`)
    // Where nobody is a superuser, as with managed databases, the provider's means have made the role what it must be.
    const attributes = isKnown && !isSuperuser ? '' : 'LOGIN REPLICATION BYPASSRLS NOINHERIT'
    await client.query(`ALTER ROLE ${ELECTRIC_ROLE} ${attributes} PASSWORD ${client.escapeLiteral(password)}`)
    await grantShapedTables(client)
    // Electric's guide asks for it. Who is no superuser would lose the publication with it, and Electric only warns.
    if (isSuperuser) await client.query(`ALTER PUBLICATION ${ELECTRIC_PUBLICATION} OWNER TO ${ELECTRIC_ROLE}`)
    await client.query('COMMIT')
  } finally {
    // Without a COMMIT nothing of it stands.
    await client.end()
  }
}

async function grantShapedTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relreplident = 'f' AND c.relkind IN ('r', 'p') AND n.nspname = 'public' ORDER BY 1`,
  )
  const tables = rows.map(({ name }) => name).join(', ')
  if (tables === '') throw new Error('No table is meant for a shape: migrate the database first.')
  // What a former version read is taken back.
  await client.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${ELECTRIC_ROLE}`)
  await client.query(`GRANT SELECT ON ${tables} TO ${ELECTRIC_ROLE}`)
  await client.query(`GRANT USAGE ON SCHEMA public TO ${ELECTRIC_ROLE}`)
  const known = await client.query('SELECT FROM pg_publication WHERE pubname = $1', [ELECTRIC_PUBLICATION])
  if (known.rowCount === 0) await client.query(`CREATE PUBLICATION ${ELECTRIC_PUBLICATION}`)
  await client.query(`ALTER PUBLICATION ${ELECTRIC_PUBLICATION} SET TABLE ${tables}`)
}
