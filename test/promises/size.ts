// How long a promise is tried: briefly and from fixed seeds in the suite, at length and from random ones in the soak.
import { randomInt } from 'node:crypto'

const SOAKING = process.env.MAYDAY_SOAK !== undefined
const REPEATED = process.env.SOAK_SEED

/** `npm run soak` takes the second. */
export function sized<Size>({ suite, soak }: { suite: Size; soak: Size }): Size {
  return SOAKING ? soak : suite
}

/** For `test.each`, whose names print them: the suite's own, or as many random ones as the soak wants; there SOAK_SEED
 * repeats a run. */
export function seeds({ suite, soak }: { suite: readonly number[]; soak: number }): readonly number[] {
  if (!SOAKING) return suite
  if (REPEATED !== undefined) return [Number(REPEATED)]
  return Array.from({ length: soak }, () => randomInt(2 ** 31))
}

/** A figure, for whoever watches the soak. */
export function report(figure: string): void {
  if (SOAKING) console.info(figure)
}
