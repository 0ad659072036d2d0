import BridgeCore
import HeatingModel
import Testing

@Suite("Seeing that a plan was carried out")
struct PlanTests {
    private static let shownTable: [(setpoint: Double?, mode: SetpointMode?, until: String?, isShown: Bool)] = [
        (22, .temporaryOverride, "2026-11-24T19:00:00Z", true),
        (22.04, .temporaryOverride, "2026-11-24T19:00:59Z", true),
        (22, .temporaryOverride, "2026-11-24T19:01:00Z", false),
        (22.5, .temporaryOverride, "2026-11-24T19:00:00Z", false),
        (22, .permanentOverride, nil, false), (22, .temporaryOverride, nil, false),
        (nil, .temporaryOverride, "2026-11-24T19:00:00Z", false), (22, nil, "2026-11-24T19:00:00Z", false),
    ]

    @Test("A status shows a plan, or does not", arguments: shownTable)
    func isShown(setpoint: Double?, mode: SetpointMode?, until: String?, isShown: Bool) throws {
        let plan = PlannedCall(change: .zone(MillHouse.kitchenID, .hold(22, until: try moment("2026-11-24T19:00:00Z"))))
        let status = MillHouse.kitchenStatus(setpoint: setpoint, mode: mode, until: try until.map(moment))
        #expect(plan.isShown(by: try MillHouse.status(kitchen: status)) == isShown)
    }
}
