#!/usr/bin/env node
import { Socket } from 'node:net'
import { main } from './program.ts'

// Whoever reads help or messages may go away (| head), too.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = 3
  })
}

process.exitCode = await main(process.argv.slice(2))
// Nothing more is wanted of a pipe that stays open; files do not keep a process alive.
if (process.stdin instanceof Socket) process.stdin.unref()
