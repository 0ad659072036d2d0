import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("Checking a zone's command before its turn")
struct ZoneCommandCheckTests {
    private func refusal(_ command: ZoneCommand, _ change: (inout SetpointCapabilities) -> Void = { _ in }) -> Refusal?
    {
        do {
            try CommandAction.zone(command).check(MillHouse.kitchenTarget, in: try MillHouse.site(kitchen: change))
            return nil
        } catch {
            return error as? Refusal
        }
    }

    @Test(
        "A setpoint within the range is accepted, its ends included",
        arguments: [5, 5.1, 21.5, 29.9, 30] as [Temperature]
    )
    func inRange(setpoint: Temperature) {
        #expect(refusal(.hold(setpoint, .asRunning)) == nil)
    }

    @Test(
        "One out of range is refused, and so is what is not a number",
        arguments: [4.9, 30.1, -21, 0, 99, 1e308, -1e308, .infinity, -.infinity, .nan]
    )
    func outOfRange(celsius: Double) {
        #expect(refusal(.hold(Temperature(celsius: celsius), .never))?.code == .outOfRange)
    }

    @Test("A zone without a range accepts what a controller accepts")
    func unknownRange() {
        func unknown(_ capabilities: inout SetpointCapabilities) {
            (capabilities.minimum, capabilities.maximum) = (nil, nil)
        }
        #expect(refusal(.hold(35, .never), unknown) == nil)
        #expect(refusal(.hold(35.5, .never), unknown)?.code == .outOfRange)
        #expect(refusal(.hold(4.5, .never), unknown)?.code == .outOfRange)
    }

    @Test("Only modes that the zone supports are allowed")
    func modes() {
        func onlySchedule(_ capabilities: inout SetpointCapabilities) { capabilities.allowedModes = [.followSchedule] }
        #expect(refusal(.followSchedule, onlySchedule) == nil)
        #expect(refusal(.hold(20, .never), onlySchedule)?.code == .notAllowed)
        #expect(refusal(.hold(20, .after(.seconds(600))), onlySchedule)?.code == .notAllowed)
        #expect(refusal(.hold(20, .atLocalTime(.midnight)), onlySchedule)?.code == .notAllowed)
        #expect(refusal(.followSchedule) { $0.allowedModes = [.permanentOverride] }?.code == .notAllowed)
        #expect(refusal(.hold(nil, .never)) { $0.allowedModes = [] } == nil)
    }

    @Test("A duration may be as long as the zone allows, and no longer")
    func length() {
        #expect(refusal(.hold(20, .after(.seconds(86400)))) == nil)
        let tooLong = refusal(.hold(20, .after(.seconds(86401))))
        #expect(tooLong?.code == .outOfRange)
        #expect(tooLong?.message.contains("the longest is 1 d") == true)
        #expect(refusal(.hold(20, .after(.longestInText))) { $0.maximumDuration = nil } == nil)
        #expect(refusal(.hold(20, .after(.longestInText))) { $0.maximumDuration = 1e300 } == nil)
    }
}
