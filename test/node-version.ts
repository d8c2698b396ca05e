/** Under an older Node the tests would start all the same, and some of them would pass. */
export function setup(): void {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 24) throw new Error(`the tests need Node 24 and run on ${process.versions.node}; start them with: npx -y pnpm@12 test`)
}
