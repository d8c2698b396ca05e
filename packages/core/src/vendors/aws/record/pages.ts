const DOCS = 'https://docs.aws.amazon.com'

export type Page =
  | 'flowLogs'
  | 'tgwFlowLogs'
  | 'tgwMetrics'
  | 'tgwAttachments'
  | 'privateLink'
  | 'natGateway'
  | 'albLog'
  | 'albMetrics'
  | 'nlbMetrics'
  | 'cloudFrontMetrics'
  | 'realTimeLogs'
  | 'dxMetrics'
  | 'taskMetadata'
  | 'containerInsightsEcs'
  | 'containerInsightsEks'

/** Where AWS says what its names mean. */
export const PAGES: Readonly<Record<Page, string>> = {
  flowLogs: `${DOCS}/vpc/latest/userguide/flow-log-records.html`,
  tgwFlowLogs: `${DOCS}/vpc/latest/tgw/tgw-flow-logs.html`,
  tgwMetrics: `${DOCS}/vpc/latest/tgw/transit-gateway-cloudwatch-metrics.html`,
  tgwAttachments: `${DOCS}/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html`,
  privateLink: `${DOCS}/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html`,
  natGateway: `${DOCS}/vpc/latest/userguide/metrics-dimensions-nat-gateway.html`,
  albLog: `${DOCS}/elasticloadbalancing/latest/application/load-balancer-access-logs.html`,
  albMetrics: `${DOCS}/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html`,
  nlbMetrics: `${DOCS}/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html`,
  cloudFrontMetrics: `${DOCS}/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html`,
  realTimeLogs: `${DOCS}/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html`,
  dxMetrics: `${DOCS}/directconnect/latest/UserGuide/monitoring-cloudwatch.html`,
  taskMetadata: `${DOCS}/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-response.html`,
  containerInsightsEcs: `${DOCS}/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html`,
  containerInsightsEks: `${DOCS}/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html`,
}
