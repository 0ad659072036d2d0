import Foundation

extension SimulatedCloud {
    private static let communicationLost = "GatewayCommunicationLost"

    /// A gateway that is away shows a fault, with seven digits of a second as gateways do; its tasks stand still.
    mutating func setGateway(_ id: String, isAway: Bool, at now: Date) {
        guard let gateway = installation.gateways[id], gateway.isAway != isAway else { return }
        advance(location: gateway.locationID, to: now)
        installation.gateways[id]?.isAway = isAway
        installation.gateways[id]?.faults.removeAll { $0.type == Self.communicationLost }
        if isAway {
            let offset = installation.locations[gateway.locationID]?.clock.offset(at: now) ?? 0
            let since = Timestamp.wallClock(now, offset: offset) + ".7727046"
            installation.gateways[id]?.faults.append(ActiveFault(type: Self.communicationLost, since: since))
        } else {
            tasks.resume(gateway: id, at: now)
        }
    }
}
