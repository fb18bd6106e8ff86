import type { SiteContent } from '@landfall/contract'

export function Faq({ faq }: { faq: SiteContent['faq'] }) {
  if (faq.items.length === 0) return null
  return (
    <section className="section faq" id="questions" aria-labelledby="faq-title">
      <div className="site-width faq-columns">
        <h2 id="faq-title">{faq.title}</h2>
        <div className="faq-list">
          {faq.items.map((item) => (
            <details className="faq-item" key={item.question}>
              <summary>
                <h3>{item.question}</h3>
              </summary>
              <p>{item.answer}</p>
            </details>
          ))}
        </div>
      </div>
    </section>
  )
}
