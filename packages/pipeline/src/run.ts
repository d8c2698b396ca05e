import { ACCOUNT_KEYS } from './account-filter.ts'
import type { Outlet } from './delivery/outlet.ts'
import type { Job, Result } from './job.ts'
import { PacketLedger } from './ledger.ts'
import { Steps } from './steps.ts'
import { Walk } from './walk.ts'

/**
 * The whole way of the data: frames from the source, decoded, counted, filtered, seen by the stage; what that has to say goes to the outlets. The source waits
 * when an outlet is full.
 *
 * Rejects before the first packet: with the source's error if it cannot be read, with StartError if an outlet cannot start, or has not when the signal comes. Later failures are in the result.
 */
export async function run(job: Job): Promise<Result> {
  const { source, outlets = [] } = job
  const ledger = new PacketLedger([...(job.filter?.keys ?? []), ...(job.accounts === undefined ? [] : ACCOUNT_KEYS)])
  const walk = new Walk(job, ledger)
  const steps = new Steps(source, job.signal, job.clock !== undefined)
  let step = await steps.next()
  // Only a live source may begin with a silence; of any other it is not known yet whether it can be read.
  while (step === 'silent' && job.clock === undefined) step = await steps.next()
  try {
    // What cannot be read at all is known by now, and no file of an earlier run was emptied for it.
    await startAll(outlets, job.signal)
    for (; step !== 'end'; step = await steps.nextOrFailure()) {
      if (step === 'silent') walk.silence()
      else walk.batch(step)
      await settleAll(outlets)
      await job.pause?.({ packets: ledger.read, bytes: source.bytesRead, bytesTotal: source.bytesTotal })
    }
    while (walk.finishSome()) await settleAll(outlets)
  } finally {
    steps.leave()
    await Promise.all(outlets.map((outlet) => outlet.close(job.hurry)))
  }
  return {
    packets: ledger.account(walk.flows),
    outlets: outlets.map((outlet) => outlet.account()),
    damage: source.damage,
    failure: steps.failure,
    interrupted: steps.interrupted,
  }
}

async function settleAll(outlets: readonly Outlet[]): Promise<void> {
  await Promise.all(outlets.map((outlet) => outlet.settle()))
}

/** All are tried, so that none is still starting when they are closed because one cannot. */
async function startAll(outlets: readonly Outlet[], cut: AbortSignal | undefined): Promise<void> {
  const starts = await Promise.allSettled(outlets.map((outlet) => outlet.start(cut)))
  const failure = starts.find((start) => start.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
