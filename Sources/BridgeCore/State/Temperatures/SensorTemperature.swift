/// A temperature to a hundredth of a degree, and what the status said when it was first read.
public struct FineTemperature: Codable, Equatable, Sendable {
    /// In °C.
    public var value: Double
    /// In °C, in half degrees.
    public var beside: Double

    public init(value: Double, beside: Double) {
        self.value = value
        self.beside = beside
    }
}

/// The two readings of one sensor, and which of them is shown.
///
/// The status reads half degrees, rounded towards the setpoint (Home Assistant's documentation): a room at 19.47 °C is
/// 19.5 while it is heated, and 19.0 once the setpoint is below. The older API reads 19.47, and comes and goes. So that
/// nothing jumps in a room in which nothing has changed:
/// - The last fine reading is shown, and goes on being shown when no other comes, for as long as the coarse one stays what
///   it was. When that moves, the coarse one is shown, and the fine one forgotten.
/// - While fine readings come, a coarse one that moves by a step is not shown: the next fine one, which is on its way, says
///   how far the room really is.
/// - A fine reading that stands still while the coarse one moves by more than a step is an old one, as a cloud that is out
///   of order repeats it. It is not shown.
public struct SensorTemperature: Equatable, Sendable {
    /// What the status said last, in °C; `nil` while the sensor is lost.
    public private(set) var coarse: Double?
    public private(set) var fine: FineTemperature?
    /// Whether the last round of fine readings had one of this sensor.
    private var isLive = false

    private static let step = 0.5

    public init(coarse: Double?, fine: FineTemperature? = nil) {
        self.coarse = coarse
        self.fine = fine
    }

    /// In °C.
    public var shown: Double? {
        guard let coarse, let fine else { return coarse }
        return abs(coarse - fine.beside) <= tolerance ? fine.value : coarse
    }

    /// - Parameter reading: `nil` while the sensor is lost.
    public mutating func read(coarse reading: Double?) {
        coarse = reading
        forgetOutdated()
    }

    /// - Parameter reading: `nil` where a round of fine readings had none of this sensor.
    public mutating func read(fine reading: Double?) {
        isLive = reading != nil
        if let reading, let coarse, reading != fine?.value { fine = FineTemperature(value: reading, beside: coarse) }
        forgetOutdated()
    }

    private var tolerance: Double { isLive ? Self.step : 0 }

    private mutating func forgetOutdated() {
        // One that is live is kept though it is not shown: by it an old reading that comes again is known.
        if coarse == nil || (!isLive && shown == coarse) { fine = nil }
    }
}
