export const TONES = ['neutral', 'accent', 'success', 'info', 'warning', 'danger'] as const
export type Tone = (typeof TONES)[number]
