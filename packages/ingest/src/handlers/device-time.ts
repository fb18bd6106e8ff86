/** Before this a device clock is plainly unset; the receipt time stands beside it. */
const EARLIEST_CAPTURE_MS = Date.UTC(2000, 0, 1)

/** When a person did it by the clock of their device, as far as that can be believed. */
export function captureTime(capturedAt: string): Date {
  return new Date(Math.max(EARLIEST_CAPTURE_MS, Date.parse(capturedAt)))
}

/** The same in our time: the skew, measured when the batch left, is taken off. In milliseconds since 1970. */
export function correctedCaptureMs(capturedAt: string, clockSkewMs: number): number {
  return Date.parse(capturedAt) - clockSkewMs
}

/** When an edit counts as made: by its device, but never before there was a lead nor after the edit arrived. */
export function editTime(
  capturedAt: string,
  { clockSkewMs, receivedAt }: { clockSkewMs: number; receivedAt: Date },
  leadReceivedAt: Date,
): Date {
  const editedMs = correctedCaptureMs(capturedAt, clockSkewMs)
  return new Date(Math.min(Math.max(editedMs, leadReceivedAt.getTime()), receivedAt.getTime()))
}
