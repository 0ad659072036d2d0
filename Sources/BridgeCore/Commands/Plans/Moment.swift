import Basics
import HeatingModel

/// When an order came, and when it is its turn.
struct Moment {
    let received: Instant
    let now: Instant
}
