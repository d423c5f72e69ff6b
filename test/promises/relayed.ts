// A story whose deliveries go through the relay: doubled, held back, in another order.
import type { Story } from '../stories/story.ts'
import { type Relay, type RelayOptions, startRelay } from './relay.ts'

export type Relayed = Relay & {
  /** Resolves when all that is not held is acknowledged, and everything that followed from it is done. */
  rest(): Promise<void>
}

/** From now on; the relay is the caller's to stop, before the story ends. */
export async function relayed(story: Story, options: Omit<RelayOptions, 'targets'> = {}): Promise<Relayed> {
  const relay = await startRelay({ ...options, targets: () => [story.webhookUrl()] })
  story.sandbox.setWebhookUrl(relay.url)
  const rest = async (): Promise<void> => {
    do {
      await relay.empty()
      await story.quiet()
    } while (relay.waiting() > 0)
  }
  return { ...relay, rest }
}
