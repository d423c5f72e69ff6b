import '/work/main/test/clock.ts'
import { clock } from '/work/main/test/clock.ts'
import { PGlite } from '@electric-sql/pglite'
const db = await PGlite.create()
console.log((await db.query('select now()')).rows)
clock.set(Date.UTC(2025,11,18,10,30))
console.log((await db.query('select now()')).rows)
