/** Reads the primitive values of a `pgoutput` message one after the other; reading past the end throws a RangeError. */
export class PgoutputReader {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  char(): string {
    return String.fromCharCode(this.#bytes.readUInt8(this.#advance(1)))
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4))
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4))
  }

  uint64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#advance(8))
  }

  utf8(length: number): string {
    if (this.#position + length > this.#bytes.length) throw new RangeError('a value is longer than its message')
    const start = this.#advance(length)
    return this.#bytes.toString('utf8', start, start + length)
  }

  /** Text that ends with a zero byte. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#position)
    if (end < 0) throw new RangeError('a name is not terminated')
    const value = this.#bytes.toString('utf8', this.#position, end)
    this.#position = end + 1
    return value
  }

  skip(length: number): void {
    this.#advance(length)
  }

  #advance(length: number): number {
    const start = this.#position
    this.#position += length
    return start
  }
}
