// Test files share a process, one after the other: each leaves the clock as the next one expects it.
import { afterAll } from 'vitest'
import { clock } from './clock.ts'

afterAll(() => clock.reset())
