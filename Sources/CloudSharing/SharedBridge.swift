public import BridgeCore
public import HeatingModel

/// The running bridge, as its share sees it.
public protocol SharedBridge: Sendable {
    /// What is served; `nil` until it is known.
    var installation: Installation? { get }

    /// A control system with its state and what is expected of it.
    func site(of system: ControlSystemID) -> Site?

    /// Reads a schedule now.
    func readSchedule(of target: Target) async throws(CloudFailure)

    /// Makes a call in its turn among all commands.
    ///
    /// - Parameters:
    ///   - requested: As the client put it.
    ///   - patience: How long it may wait for its turn.
    func make(_ call: CloudCall, of target: Target, requested: JSONValue, patience: Duration) async -> CallAnswer

    /// How far a task is; `nil` if it belongs to no call of this bridge.
    func state(of task: CommunicationTaskID) -> CommunicationTaskState?
}

extension Installation {
    /// What an id of API v2 names; `nil` for locations and gateways, and for what is not served.
    func target(_ kind: VendorPath.Kind, _ id: String) -> (target: Target, location: Location, system: ControlSystem)? {
        for location in locations {
            for system in location.systems {
                switch kind {
                case .system where system.id.text == id: return (.system(system.id), location, system)
                case .zone where system.zones.contains { $0.id.text == id }:
                    return (.zone(ZoneID(id), in: system.id), location, system)
                case .hotWater where system.hotWater?.id.text == id:
                    return (.hotWater(HotWaterID(id), in: system.id), location, system)
                default: continue
                }
            }
        }
        return nil
    }
}
