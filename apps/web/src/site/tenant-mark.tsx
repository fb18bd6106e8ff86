import type { Corners } from '@landfall/contract'

const CORNER_RADIUS: Record<Corners, number> = { sharp: 2, soft: 9, round: 20 }

/** Arabic letters hang below the line, so they sit higher. */
const baseline = (initial: string) => (/\p{Script=Arabic}/u.test(initial) ? 22.5 : 28.5)

/** The tenant's initial in its accent; also the source of its favicon. */
export function TenantMark({ initial, corners }: { initial: string; corners: Corners }) {
  return (
    <svg className="site-mark" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true">
      <rect width="40" height="40" rx={CORNER_RADIUS[corners]} fill="var(--lf-accent)" />
      <text x="20" y={baseline(initial)} textAnchor="middle" fontSize="23" fontWeight="750" fill="var(--lf-on-accent)">
        {initial}
      </text>
    </svg>
  )
}

/** The same mark as a file of its own, which cannot see the page's fonts or variables. */
export function tenantIcon(mark: { initial: string; corners: Corners; accent: string; onAccent: string }): string {
  const initial = mark.initial.replace(/[<>&"']/g, '')
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">',
    `<rect width="40" height="40" rx="${CORNER_RADIUS[mark.corners]}" fill="${mark.accent}"/>`,
    `<text x="20" y="${baseline(initial)}" text-anchor="middle" font-family="system-ui,sans-serif" font-size="24" font-weight="700" fill="${mark.onAccent}">${initial}</text>`,
    '</svg>',
  ].join('')
}
