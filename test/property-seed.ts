// FC_SEED repeats a run of the property tests (a failure prints its seed), FC_RUNS sets how many values each property is tried with.
const { FC_SEED, FC_RUNS } = process.env

if (FC_SEED !== undefined || FC_RUNS !== undefined) {
  const { configureGlobal } = await import('fast-check')
  configureGlobal({
    ...(FC_SEED === undefined ? {} : { seed: integer('FC_SEED', FC_SEED) }),
    ...(FC_RUNS === undefined ? {} : { numRuns: integer('FC_RUNS', FC_RUNS) }),
  })
}

function integer(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value)) throw new Error(`${name} must be a whole number, not '${text}'`)
  return value
}

export {}
