// What a command of the command line gets, and its exit codes.
import type { Environment } from '../config/env.ts'

/** Each call of `out` (answers) and `err` (problems) is one line. */
export type Terminal = {
  out(line: string): void
  err(line: string): void
  /** @throws WrongEnvironment for a variable that is wrong. */
  environment(): Environment
  /** Milliseconds since the epoch. */
  now(): number
}

/** 0: all is good; 1: problems were found, or it could not be done; 2: the command was wrong. */
export type ExitCode = 0 | 1 | 2

/** An error for the operator: its message is printed as one line. */
export class Stopped extends Error {}

/** `1 incident`, `2 incidents`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`
