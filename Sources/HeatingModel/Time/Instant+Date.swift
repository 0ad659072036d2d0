public import Foundation

extension Instant {
    /// The instant of a Foundation date, rounded down to the millisecond.
    public init(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded(.down)
        if let exact = Int(exactly: milliseconds) {
            self.init(millisecondsSince1970: exact)
        } else {
            self = milliseconds < 0 ? .earliest : .latest
        }
    }
}
