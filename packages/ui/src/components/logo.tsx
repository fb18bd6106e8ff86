/** Waves arriving at a shore; also a signal arriving. Takes the colour of the text, the shore that of the accent. */
export function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} fill="none" aria-hidden="true">
      <path d="M32 32H18.5A13.5 13.5 0 0 1 32 18.5Z" fill="var(--lf-accent)" />
      <g stroke="currentColor" strokeWidth="3.2" strokeLinecap="round">
        <path d="M13.2 30.2A18.6 18.6 0 0 1 30.2 13.2" />
        <path d="M7.4 30.2A24.4 24.4 0 0 1 30.2 7.4" opacity=".62" />
        <path d="M1.8 30.2A30 30 0 0 1 30.2 1.8" opacity=".32" />
      </g>
    </svg>
  )
}

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <span className="ui-logo">
      <LogoMark size={size} />
      <span>Landfall</span>
    </span>
  )
}
