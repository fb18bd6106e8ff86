import { execFileSync } from 'node:child_process'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'

/** The browser tests run what the build wrote, so the build comes first; unchanged, it takes a blink. */
export default function buildOnce(): void {
  execFileSync(execPath, [fileURLToPath(new URL('../build/build-assets.ts', import.meta.url))], { stdio: 'inherit' })
}
