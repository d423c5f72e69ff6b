// Preloaded by a process that shall break: on SIGUSR2 something is thrown where nobody catches it, and it carries much.
process.once('SIGUSR2', () => {
  const { WEBHOOK_SECRET, METRICS_TOKEN, DATABASE_URL, PRIVATE_KEY } = process.env
  const thrown = Object.assign(new Error(`nobody catches this: ${WEBHOOK_SECRET?.split(',')[1]}`), {
    params: [METRICS_TOKEN, DATABASE_URL, PRIVATE_KEY, 'Canarybody'],
    cause: Object.assign(new Error('below it'), { query: 'Canarynote', detail: DATABASE_URL }),
  })
  setTimeout(() => {
    throw thrown
  })
})
