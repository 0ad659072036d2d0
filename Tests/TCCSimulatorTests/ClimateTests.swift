import Foundation
import Testing

@testable import TCCSimulator

@Suite("The climate of homes")
struct ClimateTests {
    private func temperatures(_ bench: CloudBench) -> [Double] {
        bench.cloud.installation.zones.values.sorted { $0.id < $1.id }.compactMap(\.temperature)
    }

    @Test("The same seed gives the same temperatures however often the cloud is asked")
    func deterministic() {
        var often = CloudBench()
        var once = CloudBench()
        for _ in 0..<700 {
            often.pass(61.7)
            _ = often.system()
        }
        once.now = often.now
        _ = once.system()
        #expect(temperatures(often) == temperatures(once))
        #expect(Set(temperatures(once)).count == 6, "rooms differ")
    }

    @Test("Rooms warm towards their setpoint and stay near it")
    func heating() {
        var bench = CloudBench()
        for zone in 2_100_004...2_100_009 {
            let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":21}"#
            #expect(bench.put("temperatureZone/\(zone)/heatSetpoint", body) != nil)
        }
        bench.pass(86_400)
        _ = bench.system()
        #expect(temperatures(bench).allSatisfy { (20...21.2).contains($0) })
    }

    @Test("Rooms cool when the heating is off, but not below the temperature outside")
    func cooling() {
        var bench = CloudBench()
        #expect(
            bench.put("temperatureControlSystem/2100003/mode", #"{"systemMode":"HeatingOff","permanent":true}"#) != nil
        )
        let before = temperatures(bench)
        bench.pass(86_400)
        _ = bench.system()
        let after = temperatures(bench)
        #expect(zip(before, after).allSatisfy { $0 > $1 })
        bench.pass(30 * 86_400)
        _ = bench.system()
        #expect(temperatures(bench).allSatisfy { (-5...20).contains($0) })
    }

    @Test("Hot water is hot while it is on, and cools while it is off")
    func hotWater() {
        var bench = CloudBench()
        #expect(bench.put("domesticHotWater/2100010/state", #"{"mode":"PermanentOverride","state":"On"}"#) != nil)
        bench.pass(3 * 3_600)
        #expect(bench.hotWater()?["temperatureStatus"]?["temperature"]?.double ?? 0 >= 54)
        #expect(bench.put("domesticHotWater/2100010/state", #"{"mode":"PermanentOverride","state":"Off"}"#) != nil)
        bench.pass(6 * 3_600)
        #expect(bench.hotWater()?["temperatureStatus"]?["temperature"]?.double ?? 99 < 53)
    }

    @Test(
        "A reading is rounded to half a degree towards the setpoint",
        arguments: [
            (19.01, 21.0, 19.5), (19.78, 21.0, 20.0), (20.99, 21.0, 21.0), (19.99, 18.0, 19.5), (18.2, 18.0, 18.0),
            (20.0, 21.0, 20.0), (20.5, 18.0, 20.5),
        ]
    )
    func rounding(_ reading: Double, _ target: Double, _ shown: Double) {
        var bench = CloudBench()
        bench.cloud.installation.zones["2100004"]?.temperature = reading
        bench.cloud.installation.zones["2100004"]?.setting = Setting(mode: "PermanentOverride", value: target)
        #expect(bench.zone()?["temperatureStatus"]?["temperature"] == .number(shown))
    }

    @Test("It is warmer outside in July than in January, and in the afternoon than before dawn")
    func weather() throws {
        let weather = Weather(seed: 7)
        func mean(_ month: Int, _ hour: Int) -> Double {
            let days = (1...28).map { day in
                let day = CivilDay(year: 2026, month: month, day: day).number
                return weather.temperature(
                    at: Date(timeIntervalSince1970: Double(day * 86_400 + hour * 3_600)),
                    offset: 0
                )
            }
            return days.reduce(0, +) / 28
        }
        #expect(mean(7, 15) > mean(1, 15) + 8)
        #expect(mean(4, 15) > mean(4, 4) + 4)
        #expect((-10...12).contains(mean(1, 5)) && (15...30).contains(mean(7, 15)))
    }

    @Test("A location that nobody has asked for in years catches up at once")
    func longAbsence() {
        var bench = CloudBench()
        bench.pass(20 * 365 * 86_400)
        bench.accessToken = bench.cloud.tokens.issue(at: bench.now).access
        #expect(bench.zone()?["temperatureStatus"]?["isAvailable"] == true)
    }
}
