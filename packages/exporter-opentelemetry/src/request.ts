const DATA_POINTS = '"dataPoints":['
const TAIL = ']}}'

/**
 * One `ExportMetricsServiceRequest` from lines of one metric and one data point each, in one line of JSON.
 *
 * Points of one metric come under one entry, by text alone: a line up to its data points says which metric it is, what follows is the point. Within a
 * JSON string the quotes of the seam would be escaped, so the first one found is it.
 *
 * @param resource the resource's attributes in JSON
 * @param scope the instrumentation scope in JSON
 */
export function request(lines: Iterable<string>, resource: string, scope: string): string {
  const metrics = new Map<string, string[]>()
  for (const line of lines) {
    const seam = line.indexOf(DATA_POINTS) + DATA_POINTS.length
    const metric = line.slice(0, seam)
    const point = line.slice(seam, -TAIL.length)
    const points = metrics.get(metric)
    if (points === undefined) metrics.set(metric, [point])
    else points.push(point)
  }
  const list = Array.from(metrics, ([metric, points]) => `${metric}${points.join(',')}${TAIL}`).join(',')
  return `{"resourceMetrics":[{"resource":{"attributes":${resource}},"scopeMetrics":[{"scope":${scope},"metrics":[${list}]}]}]}\n`
}
