import type { Typeface } from '@landfall/contract'

const LOADERS: Record<Typeface, () => Promise<unknown>> = {
  archivo: () => import('./typefaces/archivo.ts'),
  'fraunces-figtree': () => import('./typefaces/fraunces-figtree.ts'),
  'readex-pro': () => import('./typefaces/readex-pro.ts'),
  inter: () => import('./typefaces/inter.ts'),
}

/** Brings the `@font-face` rules of one typeface; a browser fetches only the files whose characters stand on the page. */
export async function loadTypeface(typeface: Typeface): Promise<void> {
  await LOADERS[typeface]()
}
