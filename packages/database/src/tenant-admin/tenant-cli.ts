import { readFile } from 'node:fs/promises'
import { hashPassword } from 'better-auth/crypto'
import { migrationSettings } from '../env.ts'
import { demoTenants, seedDemo } from '../seed/index.ts'
import { parseNewTenant } from './new-tenant.ts'
import { addCustomDomain, makeTenant, removeCustomDomain } from './tenant-admin.ts'

// `pnpm tenant …`: what an operator does to tenants, as the owner of the database.

const USAGE = `tenant example                   prints a tenant to write your own after
tenant add <file.json>           makes it, and prints the password of its owner; "-" reads the terminal
tenant domain <label> <host>     lets its site answer at a host of its own
tenant remove-domain <label> <host>
tenant demo                      makes the demo's three tenants, with passwords that everybody knows

It connects as DATABASE_OWNER_URL.`

class UsageError extends Error {
  override name = 'UsageError'
}

async function run([command, ...rest]: string[]): Promise<void> {
  const [first, second] = rest
  const ownerUrl = () => migrationSettings().ownerUrl
  switch (command) {
    case 'example': {
      const [demo] = demoTenants
      if (!demo) throw new Error('the demo has no tenant')
      const { id: _, admin, ...tenant } = demo
      const { password: __, ...owner } = admin
      return console.log(JSON.stringify({ ...tenant, customDomains: [], owner }, null, 2))
    }
    case 'add': {
      if (first === undefined || second !== undefined) throw new UsageError(USAGE)
      const tenant = parseNewTenant(await readFile(first === '-' ? '/dev/stdin' : first, 'utf8'))
      const { password } = await makeTenant(ownerUrl(), tenant, hashPassword)
      console.log(`${tenant.name} is there, as "${tenant.slug}".`)
      const access = password === undefined ? 'the password they have already' : `the password ${password}`
      return console.log(`${tenant.owner.email} signs in with ${access}`)
    }
    case 'domain':
    case 'remove-domain': {
      if (first === undefined || second === undefined) throw new UsageError(USAGE)
      if (command === 'domain') {
        await addCustomDomain(ownerUrl(), first, second)
        return console.log(`${second} is ${first}'s, within seconds. Point its DNS here.`)
      }
      if (!(await removeCustomDomain(ownerUrl(), first, second))) throw new Error(`${first} has no host "${second}".`)
      return console.log(`${second} is nobody's any more, within seconds.`)
    }
    case 'demo':
      await seedDemo(ownerUrl(), { hashPassword, isEmpty: true })
      for (const { slug, admin } of demoTenants) console.log(`${slug}: ${admin.email}, password ${admin.password}`)
      return
    default:
      throw new UsageError(USAGE)
  }
}

try {
  await run(process.argv.slice(2).filter((argument) => argument !== '--'))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(error instanceof UsageError ? 2 : 1)
}
