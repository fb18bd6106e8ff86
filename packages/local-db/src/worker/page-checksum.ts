/** Bytes of a page of Postgres. */
export const PAGE_BYTES = 8192

/** Where the checksum stands in the header: `pd_checksum`, 16 bits. */
const CHECKSUM_AT = 8

const LANES = 32
const FNV_PRIME = 16777619

/** Start values of the lanes, as Postgres' `checksum_impl.h` has them; they are part of the format on disk. */
const START = Uint32Array.of(
  0x5b1f36e9,
  0xb8525960,
  0x02ab50aa,
  0x1de66d2a,
  0x79ff467a,
  0x9bb9f8a3,
  0x217e7cd2,
  0x83e13d2c,
  0xf8d4474f,
  0xe39eb970,
  0x42c6ae16,
  0x993216fa,
  0x7b093b5d,
  0x98daff3c,
  0xf718902a,
  0x0b1c9cdb,
  0xe58f764b,
  0x187636bc,
  0x5d7b3bb1,
  0xe73de7de,
  0x92bec979,
  0xcca6c0b2,
  0x304a0979,
  0x85aa43d4,
  0x783125bb,
  0x6ca8eaa2,
  0xe407eac6,
  0x4b5cfc3e,
  0x9fbf8c76,
  0x15ca20be,
  0xf2ca9fd3,
  0x959bd756,
)

/** Whether a page is new (all zero), or carries the checksum that belongs to its content and place. */
export function isPageWhole(page: Uint8Array, block: number): boolean {
  const copy = page.slice(0, PAGE_BYTES)
  const words = new Uint32Array(copy.buffer)
  const stored = new DataView(copy.buffer).getUint16(CHECKSUM_AT, true)
  if (stored === 0 && words.every((word) => word === 0)) return true
  copy[CHECKSUM_AT] = 0
  copy[CHECKSUM_AT + 1] = 0
  return stored === checksumOf(words, block)
}

function checksumOf(words: Uint32Array, block: number): number {
  const sums = START.slice()
  const mix = (lane: number, value: number) => {
    const mixed = ((sums[lane] ?? 0) ^ value) >>> 0
    sums[lane] = Math.imul(mixed, FNV_PRIME) ^ (mixed >>> 17)
  }
  for (let at = 0; at < words.length; at++) mix(at % LANES, words[at] ?? 0)
  for (let round = 0; round < 2; round++) for (let lane = 0; lane < LANES; lane++) mix(lane, 0)
  const folded = sums.reduce((all, sum) => all ^ sum, 0)
  return (((folded ^ block) >>> 0) % 65535) + 1
}
