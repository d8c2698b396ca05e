#!/usr/bin/env node
import { main } from './program.ts'

// Whoever reads help or messages may go away (| head), too.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = 3
  })
}

process.exitCode = await main(process.argv.slice(2))
