'use client'

import { useState } from 'react'

/** A longer text would make the board a wall: its first lines stand there, and the rest is a tap away. */
const FITS_CHARACTERS = 160

export function LeadMessage({ text, who }: { text: string; who: string }) {
  const [isWhole, setIsWhole] = useState(false)
  if (!text) return null
  const isLong = text.length > FITS_CHARACTERS || text.split('\n').length > 3
  return (
    <>
      <p className="dash-message" dir="auto" data-whole={isWhole || !isLong || undefined}>
        {text}
      </p>
      {isLong ? (
        <button
          className="dash-more"
          type="button"
          aria-expanded={isWhole}
          aria-label={isWhole ? `Show less of what ${who} wrote` : `Read all of what ${who} wrote`}
          onClick={() => setIsWhole(!isWhole)}
        >
          {isWhole ? 'Show less' : 'Read all'}
        </button>
      ) : null}
    </>
  )
}
