export { ShapeConnection, type ShapeConnectionOptions } from './shape-connection.ts'
export type { SubscriptionEvent, SubscriptionState, SubscriptionStatus } from './subscription-state.ts'
export { memberShapes, type ShapeSubscription, visitorShapes } from './subscriptions.ts'
