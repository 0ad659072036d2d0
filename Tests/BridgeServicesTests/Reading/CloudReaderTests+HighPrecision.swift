import Basics
import BridgeCore
import HeatingModel
import Observability
import TestBasics
import TestSupport
import Testing

@testable import BridgeServices

// High-precision temperatures.

extension CloudReaderTests {
    @Test("The first round after a start makes no call to API v1, and the second brings hundredths of a degree")
    func highPrecision() async throws {
        try await reading(highPrecision: true) { store, _ in
            try await eventually { store.isReady }
            #expect(kitchen(store) == 19.5)
            #expect(sensors.calls == 0)
            try await pass { kitchen(store) == 19.47 }
            #expect(store.site(of: Cottage.system)?.reported(Cottage.hall)?.temperature == 19.5)
        }
    }

    @Test("When API v1 fails, what is shown stands, the cloud is well, and polls go on")
    func failingHighPrecision() async throws {
        try await reading(highPrecision: true) { store, _ in
            try await pass { kitchen(store) == 19.47 }
            sensors.fails(CloudFailure(.unauthorised, "No."))
            let (calls, reads) = (sensors.calls, cloud.statusReads)
            try await pass { sensors.calls > calls + 2 && cloud.statusReads > reads + 2 }
            #expect(kitchen(store) == 19.47)
            #expect(store.health.state == .ok)
        }
    }

    @Test("While API v1 hangs, statuses are read, and the reader is healthy")
    func hangingHighPrecision() async throws {
        try await reading(highPrecision: true) { store, reader in
            sensors.hangs()
            try await pass { sensors.calls == 1 }
            let reads = cloud.statusReads
            try await pass { cloud.statusReads > reads + 3 }
            #expect(sensors.calls == 1)
            try await settle()
            #expect(!reader.pulse.reading(at: .now + .seconds(180)).isStuck)
        }
    }

    @Test("What was shown last is remembered when the reader stops, and shown from the first status on")
    func rememberedTemperatures() async throws {
        let memory = FleetingMemory()
        try await reading(memory, highPrecision: true) { store, _ in try await pass { kitchen(store) == 19.47 } }
        #expect(memory.temperatures() == ["4": HighPrecisionTemperature(value: 19.47, beside: 19.5)])
        let calls = sensors.calls
        try await reading(memory, highPrecision: true) { store, _ in
            try await eventually { store.isReady }
            #expect(kitchen(store) == 19.47)
            #expect(sensors.calls == calls)
        }
    }

    private func kitchen(_ store: SnapshotStore) -> Temperature? {
        store.site(of: Cottage.system)?.reported(Cottage.kitchen)?.temperature
    }
}
