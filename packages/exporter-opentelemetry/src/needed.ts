/** A module of an optional peer, or an error that says how to get it. */
export async function needed<M>(name: string, module: Promise<M>): Promise<M> {
  return module.catch((error: unknown) => {
    throw new Error(`${name} is not installed: 'npm install ${name}'`, { cause: error })
  })
}
