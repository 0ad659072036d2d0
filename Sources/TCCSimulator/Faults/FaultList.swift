/// The faults in force. The oldest that matches strikes; a latency goes together with one other.
struct FaultList: Sendable {
    /// What is to happen to one request.
    struct Strike: Sendable {
        var delay: ClosedRange<Duration>?
        var effect: Fault.Effect?
    }

    private(set) var faults: [Fault] = []

    mutating func add(_ fault: Fault) { faults.append(fault) }

    mutating func removeAll() { faults = [] }

    mutating func strike(
        method: String,
        target: String,
        grantType: String?,
        using generator: inout SeededGenerator
    ) -> Strike {
        var strike = Strike()
        for index in faults.indices {
            let fault = faults[index]
            guard fault.times != 0, fault.requests.matches(method: method, target: target, grantType: grantType) else {
                continue
            }
            let isFree = if case .delay = fault.effect { strike.delay == nil } else { strike.effect == nil }
            guard isFree, fault.probability >= 1 || Double.random(in: 0..<1, using: &generator) < fault.probability
            else { continue }
            if case .delay(let range) = fault.effect { strike.delay = range } else { strike.effect = fault.effect }
            if let times = fault.times { faults[index].times = times - 1 }
        }
        faults.removeAll { $0.times == 0 }
        return strike
    }
}
