// `npm run bench`: what Mayday promises about speed and frugality, measured in one run on this machine. Its exit code
// says nothing of the bars. BENCH_DATABASE_URL names a PostgreSQL to measure instead of the embedded database.
import { measureDoor } from './door.ts'
import { measureCommands, measureDeclaring, measureEdits } from './incident.ts'
import { machine } from './report.ts'
import { openStand } from './stand.ts'

const databaseUrl = process.env.BENCH_DATABASE_URL
process.stdout.write(`${machine(databaseUrl ? 'PostgreSQL' : 'embedded PGlite, durable')}\n`)
const stand = await openStand(databaseUrl)
try {
  await measureDeclaring(stand)
  await measureCommands(stand)
  await measureEdits(stand)
  await measureDoor(stand)
} finally {
  await stand.stop()
}
