// Commands as tests write them: the verb and what was said in one object.
import type { Command, Verb } from '../../src/command/table/table.ts'

type Optional<Said> = { [K in keyof Said as undefined extends Said[K] ? K : never]?: Said[K] }
type Required<Said> = { [K in keyof Said as undefined extends Said[K] ? never : K]: Said[K] }
type Given<Said> = Optional<Said> & Required<Said>

export type FlatCommand = { [V in Verb]: { verb: V } & Given<Extract<Command, { verb: V }>['said']> }[Verb]

export const flat = ({ verb, said }: Command): FlatCommand => ({ verb, ...said }) as FlatCommand

export const command = ({ verb, ...said }: FlatCommand): Command => ({ verb, said }) as unknown as Command
