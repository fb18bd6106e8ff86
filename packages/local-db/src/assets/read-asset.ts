import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { localDbAssetDirectory } from './asset-directory.ts'
import { chooseEncoding, ENCODING_SUFFIX } from './encoding.ts'
import { AssetsNotBuiltError } from './errors.ts'
import type { LocalDbManifest } from './manifest.ts'

export interface LocalDbAssetAnswer {
  body: Uint8Array<ArrayBuffer>
  headers: Record<string, string>
}

const manifests = new Map<string, Promise<LocalDbManifest>>()

/** The manifest of the last build, read once a process. */
export function localDbManifest(directory = localDbAssetDirectory()): Promise<LocalDbManifest> {
  let manifest = manifests.get(directory)
  if (!manifest) {
    manifest = readManifest(directory)
    manifests.set(directory, manifest)
    // A server that was started before the build must find it afterwards.
    manifest.catch(() => manifests.delete(directory))
  }
  return manifest
}

async function readManifest(directory: string): Promise<LocalDbManifest> {
  try {
    return JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'))
  } catch (cause) {
    throw new AssetsNotBuiltError(directory, { cause })
  }
}

/**
 * One built file with the headers to serve it with, or undefined when the manifest doesn't name it: a name from a URL
 * never reaches the file system unchecked.
 */
export async function readLocalDbAsset(
  name: string,
  acceptEncoding: string | null,
  directory = localDbAssetDirectory(),
): Promise<LocalDbAssetAnswer | undefined> {
  const manifest = await localDbManifest(directory)
  const asset = manifest.files.find((file) => file.name === name)
  if (!asset) return undefined
  const encoding = chooseEncoding(acceptEncoding)
  const body = await readFile(join(directory, 'assets', asset.name + ENCODING_SUFFIX[encoding]))
  return {
    body: new Uint8Array(body),
    headers: {
      'content-type': asset.contentType,
      'content-length': String(body.byteLength),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    },
  }
}
