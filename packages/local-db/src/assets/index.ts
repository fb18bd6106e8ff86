export { AssetsNotBuiltError } from './errors.ts'
export { type LocalSchemaAnswer, LocalSchemaQueryError, localSchemaAnswer } from './local-schema-answer.ts'
export type { LocalDbAsset, LocalDbManifest } from './manifest.ts'
export { type LocalDbAssetAnswer, localDbManifest, readLocalDbAsset } from './read-asset.ts'
