public import HeatingModel

/// A fault that has come or gone.
public struct FaultChange: Equatable, Sendable {
    public var target: Target
    public var fault: Fault
    public var hasBegun: Bool

    public init(target: Target, fault: Fault, hasBegun: Bool) {
        self.target = target
        self.fault = fault
        self.hasBegun = hasBegun
    }

    /// What is different between two statuses of a control system, in the order in which its parts are told.
    public static func changes(from before: ControlSystemStatus, to after: ControlSystemStatus) -> [FaultChange] {
        let (earlier, later) = (before.faultsByTarget, after.faultsByTarget)
        return later.keys.sorted().flatMap { target in
            changes(of: target, from: earlier[target] ?? [], to: later[target] ?? [])
        }
    }

    private static func changes(of target: Target, from before: [Fault], to after: [Fault]) -> [FaultChange] {
        // A fault goes on when only the time of its beginning is told otherwise.
        let (earlier, later) = (Set(before.map(\.kind)), Set(after.map(\.kind)))
        let begun = after.filter { !earlier.contains($0.kind) }
        let ended = before.filter { !later.contains($0.kind) }
        return begun.map { FaultChange(target: target, fault: $0, hasBegun: true) }
            + ended.map { FaultChange(target: target, fault: $0, hasBegun: false) }
    }
}

extension ControlSystemStatus {
    fileprivate var faultsByTarget: [Target: [Fault]] {
        var faults: [Target: [Fault]] = [.system(id): self.faults]
        if let hotWater { faults[.hotWater(hotWater.id, in: id)] = hotWater.faults }
        for zone in zones { faults[.zone(zone.id, in: id)] = zone.faults }
        return faults
    }
}
