/**
 * A client that its user may do without: loaded as it is needed.
 *
 * @throws Error for the operator if it is not there
 */
export async function installed<M>(load: () => Promise<M>, name: string): Promise<M> {
  try {
    return await load()
  } catch (error) {
    const isMissing = error instanceof Error && (error as { readonly code?: unknown }).code === 'ERR_MODULE_NOT_FOUND'
    throw isMissing ? new Error(`the package ${name} is not installed: npm install ${name}`, { cause: error }) : error
  }
}
