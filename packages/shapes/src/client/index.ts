export { memberShapes, type ShapeSubscription, visitorShapes } from './subscriptions.ts'
