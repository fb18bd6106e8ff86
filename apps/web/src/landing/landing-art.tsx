/** Swells rolling in to a shore, one after the other; a lead rides on each. */
const SWELLS = [0, 1, 2, 3, 4, 5, 6]

export function LandingArt() {
  return (
    <svg className="landing-art" viewBox="0 0 640 640" aria-hidden="true">
      <circle cx="640" cy="640" r="190" fill="var(--lf-spot)" />
      <g fill="none" stroke="var(--lf-accent)" strokeLinecap="round">
        {SWELLS.map((swell) => (
          <circle
            key={swell}
            cx="640"
            cy="640"
            r={236 + swell * 62}
            strokeWidth={15 - swell * 1.7}
            opacity={1 - swell * 0.125}
            strokeDasharray={swell % 2 === 0 ? undefined : `${180 + swell * 46} 34`}
          />
        ))}
      </g>
      <g fill="var(--lf-text)">
        <circle cx="446" cy="505" r="11" />
        <circle cx="404" cy="368" r="11" />
        <circle cx="170" cy="493" r="11" />
      </g>
    </svg>
  )
}
