import type { SiteContent } from '@landfall/contract'

export function Testimonials({ testimonials }: { testimonials: SiteContent['testimonials'] }) {
  if (testimonials.items.length === 0) return null
  return (
    <section className="section reviews" id="reviews" aria-labelledby="reviews-title">
      <div className="site-width">
        <h2 id="reviews-title">{testimonials.title}</h2>
        <ul className="review-list">
          {testimonials.items.map((item) => (
            <li key={item.quote}>
              <figure className="review">
                <blockquote>
                  <p>{item.quote}</p>
                </blockquote>
                <figcaption>
                  <b>{item.name}</b>
                  <span>{item.role}</span>
                </figcaption>
              </figure>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
