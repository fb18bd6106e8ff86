import type { SiteContent } from '@landfall/contract'

export function Services({ services }: { services: SiteContent['services'] }) {
  return (
    <section className="section services" id="services" aria-labelledby="services-title">
      <div className="site-width">
        <div className="section-head">
          <h2 id="services-title">{services.title}</h2>
          {services.text ? <p>{services.text}</p> : null}
        </div>
        <ul className="service-list">
          {services.items.map((item) => (
            <li className="service" key={item.title}>
              {item.mark ? (
                <span className="service-mark" aria-hidden="true">
                  {item.mark}
                </span>
              ) : null}
              <h3>{item.title}</h3>
              <p>{item.text}</p>
              {item.detail ? <p className="service-detail">{item.detail}</p> : null}
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
