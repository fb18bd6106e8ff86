/** Three tall windows on the harbour in the morning, and their light on the floor. */

const WINDOWS = [
  { x: 40, top: 96 },
  { x: 214, top: 40 },
  { x: 388, top: 96 },
]
const WIDTH = 142
const SILL = 420

const arch = (x: number, top: number) =>
  `M${x} ${SILL}V${top + WIDTH / 2}A${WIDTH / 2} ${WIDTH / 2} 0 0 1 ${x + WIDTH} ${top + WIDTH / 2}V${SILL}Z`

export function WindowsArt() {
  return (
    <svg viewBox="0 0 570 620" aria-hidden="true">
      <defs>
        <clipPath id="panes">
          {WINDOWS.map(({ x, top }) => (
            <path key={x} d={arch(x, top)} />
          ))}
        </clipPath>
        <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--sky-high)" />
          <stop offset="1" stopColor="var(--sky-low)" />
        </linearGradient>
        <linearGradient id="beam" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--lf-spot)" stopOpacity=".62" />
          <stop offset="1" stopColor="var(--lf-spot)" stopOpacity="0" />
        </linearGradient>
      </defs>

      <g clipPath="url(#panes)">
        <rect width="570" height="430" fill="url(#sky)" />
        <circle cx="352" cy="236" r="150" fill="var(--lf-spot)" opacity=".22" />
        <circle cx="352" cy="236" r="84" fill="var(--lf-spot)" />
        <path d="M0 296q90-34 190-10t190-6 190 8V330H0Z" fill="var(--hill)" />
        <rect y="318" width="570" height="112" fill="var(--water)" />
        <g stroke="var(--lf-spot)" strokeWidth="3.5" strokeLinecap="round" opacity=".75">
          <path d="M286 334H420M306 350H396M278 367H360M330 384H406" />
        </g>
        <path d="M96 326V226q46 44 50 92Z" fill="var(--sail)" />
        <path d="M90 320V246q-30 32-34 72Z" fill="var(--sail)" opacity=".7" />
        <path d="M46 326H152l-14 17H64Z" fill="var(--hull)" />
      </g>

      {WINDOWS.map(({ x, top }) => (
        <g key={x} fill="none" stroke="var(--frame)">
          <path d={arch(x, top)} strokeWidth="11" />
          <path
            d={`M${x + WIDTH / 2} ${top}V${SILL}M${x} ${top + WIDTH / 2}H${x + WIDTH}M${x} ${top + 172}H${x + WIDTH}`}
            strokeWidth="4.5"
          />
        </g>
      ))}
      <rect x="14" y={SILL} width="542" height="15" rx="7.5" fill="var(--frame)" />

      {WINDOWS.map(({ x }) => (
        <path key={x} d={`M${x + 4} 446H${x + WIDTH - 4}L${x + WIDTH - 78} 616H${x - 78}Z`} fill="url(#beam)" />
      ))}

      <g transform="translate(486 420)">
        <g fill="none" stroke="var(--leaf)" strokeWidth="5" strokeLinecap="round">
          <path d="M22-52Q20-110 40-138M22-52Q14-98-8-116M22-52Q30-86 54-92" />
        </g>
        <g fill="var(--leaf)">
          <path d="M40-138q20 0 22-28-24 2-22 28ZM-8-116q-20-6-18-32 22 10 18 32ZM54-92q16 8 30-10-20-10-30 10ZM24-100q-16-8-14-28 18 6 14 28Z" />
        </g>
        <path d="M2-52H44Q52-18 36 0H10Q-6-18 2-52Z" fill="var(--lf-accent)" />
      </g>
    </svg>
  )
}
