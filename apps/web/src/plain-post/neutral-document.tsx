import { directionOf, type Locale } from '@landfall/contract'
import type { ReactNode } from 'react'

/** An answer in nobody's look: for posts whose site is not known, or cannot be read just now. */
export function NeutralDocument({ locale, title, children }: { locale: Locale; title: string; children: ReactNode }) {
  return (
    <html lang={locale} dir={directionOf(locale)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="stylesheet" href="/assets/answer-page.css" />
      </head>
      <body className="site">
        <main className="site-main">
          <div className="plain-page">
            <h1>{title}</h1>
            {children}
          </div>
        </main>
      </body>
    </html>
  )
}
