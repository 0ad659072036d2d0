public import HeatingModel

/// What a request is for, for whoever counts requests: the last word of its path, such as `status` or `heat_setpoint`.
///
/// It never holds an id, so there are no more of them than there are kinds of requests.
public struct CloudEndpoint: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// - Parameter path: With or without a query.
    public init(path: String) {
        let levels = path.prefix { $0 != "?" }.split(separator: "/")
        self.init(vendorText: levels.last { $0.allSatisfy(\.isLetter) }.map(String.init) ?? "other")
    }
}
