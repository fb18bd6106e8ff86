import * as z from 'zod'

export const fault = z.discriminatedUnion('kind', [
  /** The server is never asked. */
  z.object({ kind: z.literal('status'), status: z.int(), headers: z.record(z.string(), z.string()).optional() }),
  /** A captive portal: somebody's page with status 200, and the server is never asked. */
  z.object({ kind: z.literal('portal'), body: z.string().default('<!doctype html><title>Sign in</title>') }),
  /** The connection breaks before the request arrives. */
  z.object({ kind: z.literal('unreachable') }),
  /** The server does its work, and the connection breaks before the answer arrives. */
  z.object({ kind: z.literal('answer-lost') }),
  /** The server does its work, and half of the answer arrives, called whole. */
  z.object({ kind: z.literal('truncated') }),
  /**
   * The request stands still until it is released: before the server has it, or after the server's work and before the
   * answer. Once released it goes on, whether or not its sender still lives.
   */
  z.object({ kind: z.literal('hold'), at: z.enum(['before', 'after']) }),
  /** The answer has a line more at its end, as the file of another build has. */
  z.object({ kind: z.literal('changed'), line: z.string() }),
])
export type Fault = z.output<typeof fault>

/** Faults for requests whose path begins so, the next `times` of them. */
export const faultPlan = z.object({ path: z.string(), times: z.int().min(1), fault })
export type FaultPlan = z.output<typeof faultPlan>
