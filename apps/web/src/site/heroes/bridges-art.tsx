/** A bridge whose every arch speaks another language, and its reflection in the water. */

const ARCHES: { letter: string; size?: number; wall: string; opening: string }[] = [
  { letter: 'ğ', wall: '#14787f', opening: '#c9ecea' },
  { letter: 'ç', wall: '#33297a', opening: '#ddd8ff' },
  { letter: 'ض', size: 92, wall: '#b92452', opening: '#ffdbe4' },
  { letter: 'A', wall: '#e79a0b', opening: '#fff0cf' },
  { letter: 'ß', wall: '#14787f', opening: '#c9ecea' },
  { letter: 'ñ', wall: '#33297a', opening: '#ddd8ff' },
  { letter: 'é', wall: '#b92452', opening: '#ffdbe4' },
]
const SPAN = 230
const DECK = 40
const WATER = 300
const RADIUS = 86

export function BridgesArt() {
  const width = ARCHES.length * SPAN
  return (
    <svg viewBox={`0 0 ${width} 400`} preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <rect y={WATER} width={width} height="100" fill="var(--river)" />
      {ARCHES.map((arch, index) => (
        <g key={arch.letter} transform={`translate(${index * SPAN} 0)`}>
          <rect y={DECK} width={SPAN + 0.5} height={WATER - DECK} fill={arch.wall} />
          <path d={opening(WATER)} fill={arch.opening} />
          <text
            x={SPAN / 2}
            y={WATER - 52}
            textAnchor="middle"
            fontSize={arch.size ?? 118}
            fontWeight="600"
            fill={arch.wall}
          >
            {arch.letter}
          </text>
          <g opacity=".34">
            <rect y={WATER} width={SPAN + 0.5} height="58" fill={arch.wall} />
            <path
              d={`M29 ${WATER}H201V${WATER + 14}Q201 ${WATER + 58} 115 ${WATER + 58}T29 ${WATER + 14}Z`}
              fill={arch.opening}
            />
          </g>
        </g>
      ))}
      <rect y={DECK - 12} width={width} height="20" fill="var(--deck)" />
      <g fill="var(--deck)">
        {Array.from({ length: width / 46 }, (_, post) => post * 46 + 20).map((x) => (
          <rect key={x} x={x} y={DECK - 30} width="6" height="20" />
        ))}
      </g>
      <rect y={DECK - 34} width={width} height="6" fill="var(--deck)" />
      <g stroke="var(--lf-canvas)" strokeWidth="4" strokeLinecap="round" opacity=".55">
        {Array.from({ length: 22 }, (_, wave) => {
          const x = (wave * 167) % width
          const y = WATER + 16 + ((wave * 29) % 72)
          return <path key={x} d={`M${x} ${y}h${40 + ((wave * 13) % 60)}`} />
        })}
      </g>
    </svg>
  )
}

const opening = (bottom: number) =>
  `M29 ${bottom}V${DECK + 128}A${RADIUS} ${RADIUS} 0 0 1 ${29 + 2 * RADIUS} ${DECK + 128}V${bottom}Z`
