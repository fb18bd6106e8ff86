import type { Page } from '@playwright/test'

/** What the form says when it could neither save nor send; the page has other alerts, of its router. */
export const formRefusal = (page: Page) => page.locator('.lf-notice[role="alert"], form [role="alert"]')
