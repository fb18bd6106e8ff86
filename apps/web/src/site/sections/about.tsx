import type { SiteContent } from '@landfall/contract'

export function About({ about }: { about: SiteContent['about'] }) {
  return (
    <section className="section about" id="about" aria-labelledby="about-title">
      <div className="site-width about-columns">
        <div className="about-story">
          <h2 id="about-title">{about.title}</h2>
          {about.paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
        <div className="about-process">
          <h3 className="about-process-title">{about.steps.title}</h3>
          <ol className="steps">
            {about.steps.items.map((step) => (
              <li key={step.title}>
                <h4>{step.title}</h4>
                <p>{step.text}</p>
              </li>
            ))}
          </ol>
        </div>
      </div>
    </section>
  )
}
