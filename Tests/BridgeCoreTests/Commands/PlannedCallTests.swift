import BridgeCore
import HeatingModel
import Testing

@Suite("Seeing in a status that a call was carried out")
struct PlannedCallTests {
    private static let shownTable: [(setpoint: Temperature?, mode: SetpointMode?, until: String?, isShown: Bool)] = [
        (22, .temporaryOverride, "2026-11-24T19:00:00Z", true),
        (22.04, .temporaryOverride, "2026-11-24T19:00:59Z", true),
        (22, .temporaryOverride, "2026-11-24T19:01:00Z", false),
        (22.5, .temporaryOverride, "2026-11-24T19:00:00Z", false),
        (22, .permanentOverride, nil, false), (22, .temporaryOverride, nil, false),
        (nil, .temporaryOverride, "2026-11-24T19:00:00Z", false), (22, nil, "2026-11-24T19:00:00Z", false),
    ]

    @Test("A status shows a call, or does not", arguments: shownTable)
    func isShown(setpoint: Temperature?, mode: SetpointMode?, until: String?, isShown: Bool) throws {
        let call = PlannedCall(.zone(MillHouse.kitchenID, .hold(22, until: try moment("2026-11-24T19:00:00Z"))))
        let status = MillHouse.kitchenStatus(setpoint: setpoint, mode: mode, until: try until.map(moment))
        #expect(call.isShown(by: try MillHouse.status(kitchen: status)) == isShown)
    }
}
