import { fileURLToPath } from 'node:url'
import { expect, type Locator, type Page } from '@playwright/test'
import { README_PICTURES } from './readme-pictures.ts'

const EVERY_PICTURE = fileURLToPath(new URL('./test-results/pictures', import.meta.url))
const PICTURES_OF_THE_README = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))

const STILL = { animations: 'disabled', caret: 'hide' } as const

/** Takes pictures under the name of what they show and of the look: phone or desktop, light or dark. */
export class Camera {
  readonly #look: string

  constructor(look: string) {
    this.#look = look
  }

  /** What the window shows. */
  async window(page: Page, name: string): Promise<void> {
    await settle(page)
    await page.screenshot({ ...STILL, path: this.#pathOf(name) })
  }

  /** The page from its top to its end. */
  async whole(page: Page, name: string): Promise<void> {
    await settle(page)
    await page.screenshot({ ...STILL, path: this.#pathOf(name), fullPage: true })
  }

  /** One part of the page with some air around it. */
  async part(part: Locator, name: string, airPx = 24): Promise<void> {
    const page = part.page()
    await settle(page)
    // From the top, so that nothing sticky has moved from its place.
    await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
    const box = await part.boundingBox()
    if (!box) throw new Error(`nothing to see of ${name}`)
    const paper = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      height: document.documentElement.scrollHeight,
    }))
    const x = Math.max(0, box.x - airPx)
    const y = Math.max(0, box.y - airPx)
    const clip = {
      x,
      y,
      width: Math.min(paper.width - x, box.width + 2 * airPx),
      height: Math.min(paper.height - y, box.height + 2 * airPx),
    }
    await page.screenshot({ ...STILL, path: this.#pathOf(name), fullPage: true, clip })
  }

  #pathOf(name: string): string {
    const file = `${name}.${this.#look}.png`
    return README_PICTURES.has(file) ? `${PICTURES_OF_THE_README}/${file}` : `${EVERY_PICTURE}/${file}`
  }
}

async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect.soft(overflow, 'pixels that the page is wider than its window').toBeLessThanOrEqual(0)
}
