import { join } from 'node:path'
import { DeadLetters } from '@geneve-telemetry/pipeline'
import { counted } from './figures.ts'
import { fromCaller } from './place.ts'

/** A file of this run for what is not delivered, in the folder. Neither is made before something is to go there. */
export function deadLettersIn(folder: string): DeadLetters {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return new DeadLetters(join(fromCaller(folder), `${time}-${process.pid}.ndjson`))
}

/** Where they are and what to do with them; nothing if there are none. Closes the file. */
export function deadLettersText(deadLetters: DeadLetters): string {
  deadLetters.close()
  const { letters, path } = deadLetters
  return letters === 0
    ? ''
    : `dead letters: ${counted(letters, 'record')} in ${path}; to send them again: geneve-telemetry replay ${path} --to …\n`
}
