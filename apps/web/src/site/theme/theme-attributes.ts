import type { Palette, SiteTheme } from '@landfall/contract'
import type { CSSProperties } from 'react'

const NAMES: Record<keyof Palette, string> = {
  canvas: 'canvas',
  surface: 'surface',
  text: 'text',
  muted: 'muted',
  accent: 'accent',
  onAccent: 'on-accent',
  spot: 'spot',
}

/** What `<html>` carries of a theme; site-theme.css makes the design system's tokens of it. */
export function themeAttributes(theme: SiteTheme) {
  const style: Record<string, string> = {}
  for (const [key, name] of Object.entries(NAMES) as [keyof Palette, string][]) {
    style[`--light-${name}`] = theme.light[key]
    style[`--dark-${name}`] = theme.dark[key]
  }
  return {
    'data-typeface': theme.typeface,
    'data-corners': theme.corners,
    'data-hero': theme.hero,
    style: style as CSSProperties,
  }
}
