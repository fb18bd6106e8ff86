/** Where the samples of one measurement lie; percentiles by linear interpolation. */
export interface Spread {
  samples: number
  p25: number
  p50: number
  p75: number
  p95: number
}

/** @throws RangeError without a sample */
export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError('there is nothing to describe')
  const sorted = samples.toSorted((a, b) => a - b)
  const percentile = (share: number): number => {
    const at = share * (sorted.length - 1)
    const below = sorted[Math.floor(at)] ?? 0
    const above = sorted[Math.ceil(at)] ?? 0
    return below + (above - below) * (at - Math.floor(at))
  }
  return {
    samples: samples.length,
    p25: percentile(0.25),
    p50: percentile(0.5),
    p75: percentile(0.75),
    p95: percentile(0.95),
  }
}
