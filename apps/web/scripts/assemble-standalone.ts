import { access, cp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

// Next traces the modules of the server into `.next/standalone`. What is read by name has no import to follow, and
// `public/` is complete only after the service worker was built: both are put beside it here. The folder then runs
// alone: `node apps/web/server.js`.

const web = fileURLToPath(new URL('..', import.meta.url))
const standalone = join(web, '.next', 'standalone')
const target = join(standalone, 'apps', 'web')
await access(join(target, 'server.js')).catch((cause: unknown) => {
  throw new Error('There is no standalone server. Run `pnpm --filter @landfall/web build:standalone`.', { cause })
})

const localDb = dirname(createRequire(import.meta.url).resolve('@landfall/local-db/package.json'))
const copies = [
  [join(web, 'public'), join(target, 'public')],
  [join(web, '.next', 'static'), join(target, '.next', 'static')],
  // The server looks the files of the local database up as a package of the app.
  [join(localDb, 'package.json'), join(target, 'node_modules', '@landfall', 'local-db', 'package.json')],
  [join(localDb, 'dist'), join(target, 'node_modules', '@landfall', 'local-db', 'dist')],
] as const
for (const [from, to] of copies) {
  await rm(to, { recursive: true, force: true })
  await cp(from, to, { recursive: true })
}
// A setting of whoever built it is none of whoever runs it.
for (const file of ['.env', '.env.local', '.env.production', '.env.production.local']) {
  await rm(join(target, file), { force: true })
}
console.log(`standalone server: ${relative(process.cwd(), join(target, 'server.js'))}`)
