/** A terrace that steps down a hill in the rain; the warm slates are the ones just mended. */

const HOUSES = [
  { x: 0, y: 138 },
  { x: 270, y: 208 },
  { x: 540, y: 278 },
]
const HOUSE_WIDTH = 270
const ROOF_HEIGHT = 168
const SLATE = { width: 30, height: 24, gap: '#222d36' }
const SHADES = ['#3c4c5a', '#465866', '#35444f', '#506371', '#2f3d48']
const MENDED = new Set(['0:3:4', '0:3:5', '0:4:4', '1:2:2', '1:2:3', '1:3:3', '1:3:2', '1:3:4', '2:4:6'])

export function RooflineArt() {
  return (
    <svg viewBox="0 0 810 630" preserveAspectRatio="xMinYMin slice" aria-hidden="true">
      <Rain />
      {HOUSES.map((house, index) => (
        <g key={house.x} transform={`translate(${house.x} ${house.y})`}>
          <Chimney />
          <Roof house={index} />
          <Front lit={index === 1} />
        </g>
      ))}
    </svg>
  )
}

/** All slates of one colour are one path: a page on a slow network should not pay for each of them. */
function slatePaths(house: number): Map<string, string> {
  const paths = new Map<string, string>()
  for (let row = 0; row < ROOF_HEIGHT / SLATE.height; row++) {
    const shift = row % 2 === 0 ? 0 : -SLATE.width / 2
    for (let column = 0; column * SLATE.width + shift < HOUSE_WIDTH; column++) {
      const start = Math.max(0, column * SLATE.width + shift)
      const end = Math.min(HOUSE_WIDTH, (column + 1) * SLATE.width + shift)
      const shade = SHADES[(house * 2 + row * 3 + column * 7 + row * column) % SHADES.length] ?? SLATE.gap
      const fill = MENDED.has(`${house}:${row}:${column}`) ? 'var(--lf-spot)' : shade
      const slate = `M${start + 1} ${row * SLATE.height + 1}h${end - start - 2}v${SLATE.height - 2}h${start - end + 2}z`
      paths.set(fill, (paths.get(fill) ?? '') + slate)
    }
  }
  return paths
}

function Roof({ house }: { house: number }) {
  return (
    <g>
      <rect width={HOUSE_WIDTH} height={ROOF_HEIGHT} fill={SLATE.gap} />
      {[...slatePaths(house)].map(([fill, path]) => (
        <path key={fill} d={path} fill={fill} />
      ))}
      <rect x="-5" y="-9" width={HOUSE_WIDTH + 5} height="11" fill="#7f3b22" />
      <rect x="-7" y="-9" width="14" height={ROOF_HEIGHT + 14} fill="#56636d" />
      <rect y={ROOF_HEIGHT} width={HOUSE_WIDTH} height="10" fill="#0d1318" />
    </g>
  )
}

function Chimney() {
  return (
    <g transform="translate(22 -74)">
      <rect width="66" height="80" fill="#6d3521" />
      <rect x="-5" width="76" height="12" fill="#84432b" />
      {[8, 27, 46].map((x) => (
        <path key={x} d={`M${x} 0l2 -24h9l2 24Z`} fill="#a8583a" />
      ))}
    </g>
  )
}

function Front({ lit }: { lit: boolean }) {
  return (
    <g transform={`translate(0 ${ROOF_HEIGHT + 10})`}>
      <rect width={HOUSE_WIDTH} height="460" fill="#4c2d21" />
      <path d={`M0 22H${HOUSE_WIDTH}`} stroke="#5c3829" strokeWidth="8" strokeDasharray="22 3" />
      <Window x={44} lit={lit} />
      <Window x={164} lit={false} />
      <rect x={HOUSE_WIDTH - 14} width="7" height="460" fill="#0d1318" />
    </g>
  )
}

function Window({ x, lit }: { x: number; lit: boolean }) {
  return (
    <g transform={`translate(${x} 52)`}>
      <rect x="-7" y="-12" width="74" height="12" fill="#9c9388" />
      <rect width="60" height="94" fill={lit ? 'var(--lf-spot)' : '#1a252e'} />
      <path d="M30 0V94M0 47H60" stroke="#d9d4cb" strokeWidth="3.5" />
      <rect width="60" height="94" fill="none" stroke="#d9d4cb" strokeWidth="4" />
      <rect x="-7" y="94" width="74" height="9" fill="#9c9388" />
    </g>
  )
}

function Rain() {
  const drops = Array.from({ length: 46 }, (_, drop) => ({
    x: (drop * 137) % 860,
    y: ((drop * 89) % 340) - 20,
    length: 16 + ((drop * 31) % 26),
  }))
  return (
    <path
      d={drops.map(({ x, y, length }) => `M${x} ${y}l${-length * 0.3} ${length}`).join('')}
      stroke="#8fa3b1"
      strokeOpacity=".34"
      strokeWidth="1.6"
      strokeLinecap="round"
    />
  )
}
