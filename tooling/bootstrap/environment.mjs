// Runs on the Node that the machine has (>= 20), before anything is installed: plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const OLDEST_NODE = 20
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const toolsDir = join(ROOT, '.tools')
const isWindows = process.platform === 'win32'

/** Something the person at the terminal can do something about. */
export class BootstrapError extends Error {}

/** Runs `work` and ends the process with what went wrong in words, not with a stack. */
export async function main(work) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    process.exit(1)
  }
}

export function say(line = '') {
  process.stdout.write(`${line}\n`)
}

/** Checks the machine, brings pnpm into `.tools`, installs what the lock file names. */
export async function prepare() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < OLDEST_NODE) {
    throw new BootstrapError(`Landfall needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.`)
  }
  await bringPnpm()
  await installPackages()
}

async function bringPnpm() {
  const [name, version] = manifest.packageManager.split('@')
  const installed = join(toolsDir, 'node_modules', name, 'package.json')
  if (existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === version) return
  await step(`Bringing ${name} ${version}`, () =>
    quietly('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', toolsDir, `${name}@${version}`]),
  )
}

async function installPackages() {
  const lock = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')
  const marker = join(toolsDir, 'installed-lock')
  const isInstalled =
    existsSync(join(ROOT, 'node_modules')) && existsSync(marker) && readFileSync(marker, 'utf8') === lock
  if (isInstalled) return
  await step('Installing packages (a minute or two the first time)', async () => {
    rmSync(marker, { force: true })
    await quietly('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'])
    writeFileSync(marker, lock)
  })
}

/** Prints what is being done, and how long it took. */
export async function step(text, work) {
  const startedAt = performance.now()
  process.stdout.write(`  ${text} …`)
  const dots = setInterval(() => process.stdout.write('.'), 5_000)
  try {
    const result = await work()
    process.stdout.write(` ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
    return result
  } catch (error) {
    process.stdout.write(' failed\n')
    throw error
  } finally {
    clearInterval(dots)
  }
}

/** `.tools` and the packages' own binaries first, among them the Node that everything runs on. */
function environment() {
  const path = [join(toolsDir, 'node_modules', '.bin'), join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(
    delimiter,
  )
  return {
    ...process.env,
    PATH: path,
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    COREPACK_ENABLE_STRICT: '0',
    // pnpm asks no questions where nobody can answer.
    CI: process.env.CI ?? 'true',
  }
}

/** Runs a command in the root and shows what it printed only when it fails. */
export function quietly(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: environment(), shell: isWindows })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve(output)
      else reject(new BootstrapError(`\`${command} ${args.join(' ')}\` ended with code ${code}:\n${output}`))
    })
  })
}

/** Runs a command in the root with this terminal as its own; resolves with its exit code. */
export function openly(command, args, { onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: environment(),
      shell: isWindows && !command.endsWith('.exe'),
      stdio: ['inherit', onLine ? 'pipe' : 'inherit', 'inherit'],
    })
    if (onLine) readLines(child.stdout, onLine)
    // Ctrl-C reaches the child by itself; we stay until it has put everything away.
    const wait = () => {}
    process.on('SIGINT', wait)
    const pass = () => child.kill('SIGTERM')
    process.on('SIGTERM', pass)
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('SIGINT', wait)
      process.off('SIGTERM', pass)
      resolve(code ?? 1)
    })
  })
}

function readLines(stream, onLine) {
  let rest = ''
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  stream.once('end', () => rest && onLine(rest))
}

/**
 * The Node that was installed as a package, itself and not the shell script before it: a signal has to reach it.
 */
export function installedNode() {
  return join(ROOT, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node')
}

/** Whether a command is there at all. */
export function has(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore', shell: isWindows }).status === 0
}
