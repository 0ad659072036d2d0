import Basics
import BridgeCore
import HeatingModel
import ServiceLifecycle
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Requests to the bridge itself", .timeLimit(.minutes(1)))
struct RequestServiceTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let cloud = ScriptedCloud(schedules: [
        Cottage.kitchen: Cottage.schedule(18), Cottage.hall: Cottage.schedule(18),
    ])
    private let store: SnapshotStore
    private let reader: CloudReader
    private let commands: CommandService
    private let requests: RequestService

    init() {
        store = SnapshotStore(clock)
        store.apply(Cottage.installation())
        store.apply(Cottage.status(), clock)
        reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        commands = CommandService(calling: cloud, reader: reader, broker: broker, store: store, clock: clock)
        requests = Self.service(store, reader, commands, broker, clock)
    }

    private static func service(
        _ store: SnapshotStore,
        _ reader: CloudReader,
        _ commands: CommandService,
        _ broker: RecordingBroker,
        _ clock: ManualClock
    ) -> RequestService {
        RequestService(
            broker: broker,
            store: store,
            commands: commands,
            reader: reader,
            library: FleetingLibrary(),
            control: ScriptedControl(),
            bridge: BridgeTopics(base: "evohome"),
            clock: clock,
            logger: .silent
        )
    }

    private func receive(_ name: String, _ payload: String = "") async {
        let topic = "evohome/bridge/request/\(name)"
        await requests.receive(name, IncomingMessage(topic: topic, payload: Array(payload.utf8)))
    }

    private func answers(_ name: String) -> [String] { broker.payloads(on: "evohome/bridge/response/\(name)") }

    /// Lets time go by until a request has so many answers.
    private func answers(_ name: String, count: Int) async throws -> [String] {
        try await eventually {
            clock.advance(by: .milliseconds(300))
            return answers(name).count >= count
        }
        return answers(name)
    }

    @Test("Every request is answered with its transaction, and one that is not known with an error")
    func answered() async throws {
        try await running(reader, commands, requests) {
            for name in ["refresh", "poll_interval", "log_level", "health", "schedules_backup"] {
                await receive(name, #"{"transaction":7}"#)
                let answer = try #require(try await answers(name, count: 1).first)
                #expect(answer.contains(#""status":"ok""#) && answer.contains(#""transaction":7"#), "\(answer)")
            }
            await receive("dance")
            let unknown = try await answers("dance", count: 1)
            #expect(unknown.first?.contains(#""status":"error""#) == true)
            await receive("health", "{")
            let malformed = try await answers("health", count: 2)
            #expect(malformed.last?.contains(#""status":"error""#) == true)
            await receive("poll_interval", #"{"value":"300s"}"#)
            let changed = try await answers("poll_interval", count: 2)
            #expect(changed.last?.contains("300s") == true)
        }
    }

    @Test("A refresh that fails is answered with the reason")
    func refresh() async throws {
        try await running(reader, commands, requests) {
            cloud.fails(CloudFailure(.unreachable, "The cloud is on holiday."))
            await receive("refresh")
            let refused = try await answers("refresh", count: 1)
            #expect(refused.first?.contains("on holiday") == true)
        }
    }

    @Test("A backup names what the cloud refuses to tell, and can be restored as it was answered")
    func partialBackup() async throws {
        cloud.fails(CloudFailure(.refused, "Not for this zone."), at: .schedule(Cottage.hall))
        try await running(reader, commands, requests) {
            await receive("schedules_backup")
            let answer = try #require(try await answers("schedules_backup", count: 1).first)
            let data = try #require(try JSONValue(parsing: answer)["data"])
            #expect(data["skipped"]?.text == #"[{"id":"5","name":"Hall","result":"Not for this zone."}]"#)
            await receive("schedules_restore", data.text)
            // What a file holds is taken, too.
            await receive("schedules_restore", try #require(data["schedules"]).text)
            for restored in try await answers("schedules_restore", count: 2) {
                #expect(restored.contains(#""status":"ok""#), "\(restored)")
            }
        }
    }

    @Test(
        "Before anything is known there is nothing to back up or save, which is said",
        arguments: [("schedules_backup", ""), ("schedules_save", #"{"name":"winter"}"#)]
    )
    func nothingKnown(name: String, payload: String) async throws {
        let store = SnapshotStore(clock)
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let commands = CommandService(calling: cloud, reader: reader, broker: broker, store: store, clock: clock)
        let requests = Self.service(store, reader, commands, broker, clock)
        try await running(reader, commands, requests) {
            let answer = await requests.answer(name, payload.isEmpty ? .null : try JSONValue(parsing: payload))
            #expect(answer.json["error"]?.text.contains("not known yet") == true, "\(answer.json.text)")
        }
    }

    @Test("A request that comes after the end is told so")
    func tooLate() async throws {
        let group = ServiceGroup(services: [requests], gracefulShutdownSignals: [], logger: .silent)
        let loop = Task { try await group.run() }
        _ = await requests.answer("health", .null)
        await group.triggerGracefulShutdown()
        try await loop.value
        #expect(await requests.answer("health", .null).json["error"]?.text.contains("stopping") == true)
    }

    @Test("A backup can be restored, each schedule as a command with its outcome")
    func restore() async throws {
        try await running(reader, commands, requests) {
            let new = ScheduleBackup(entries: [
                .init(id: "4", name: "Kitchen", location: nil, schedule: .zone(Cottage.schedule(20)))
            ])
            await receive("schedules_restore", #"{"schedules":\#(new.json.text)}"#)
            let answer = try #require(try await answers("schedules_restore", count: 1).first)
            #expect(answer.contains(#""result":"written""#), "\(answer)")
            #expect(cloud.schedules[Cottage.kitchen] == Cottage.schedule(20))
            let topic = "evohome/cottage/zone/kitchen/schedule/result"
            try await eventually { broker.payloads(on: topic).count == 1 }
            #expect(broker.payloads(on: topic).first?.contains("succeeded") == true)
        }
    }

    @Test("Schedules are saved under a name, listed, applied where they differ, and deleted")
    func named() async throws {
        try await running(reader, commands, requests) {
            await receive("schedules_save", #"{"name":"зима"}"#)
            let saved = try #require(try await answers("schedules_save", count: 1).first)
            #expect(
                saved == """
                    {"status":"ok","data":{"name":"зима","replaced":false,"schedules":[\
                    {"id":"4","name":"Kitchen","result":"saved"},{"id":"5","name":"Hall","result":"saved"}\
                    ]},"error":null,"transaction":null}
                    """
            )
            await receive("schedules_list")
            let list = try #require(try await answers("schedules_list", count: 1).first)
            #expect(list.contains(#""name":"зима","saved":"2026-11-24T"#), "\(list)")
            #expect(list.contains(#""zones":["Kitchen","Hall"]"#), "\(list)")
            await receive("schedules_show", #"{"name":"зима"}"#)
            let shown = try #require(try await answers("schedules_show", count: 1).first)
            let kept = try ScheduleBackup(try #require(try JSONValue(parsing: shown)["data"]?["schedules"]))
            #expect(kept.entries.map(\.schedule) == [.zone(Cottage.schedule(18)), .zone(Cottage.schedule(18))])
            cloud.has(Cottage.schedule(20), of: Cottage.kitchen)
            await receive("schedules_apply", #"{"name":"зима","zones":["kitchen"],"transaction":1}"#)
            let applied = try #require(try await answers("schedules_apply", count: 1).first)
            #expect(
                applied == """
                    {"status":"ok","data":{"schedules":[{"id":"4","name":"Kitchen","result":"written"}]},\
                    "error":null,"transaction":1}
                    """
            )
            #expect(cloud.schedules[Cottage.kitchen] == Cottage.schedule(18))
            await receive("schedules_delete", #"{"name":"зима"}"#)
            let deleted = try #require(try await answers("schedules_delete", count: 1).first)
            #expect(deleted.contains(#""status":"ok","data":{"name":"зима"}"#))
            await receive("schedules_apply", #"{"name":"зима"}"#)
            await receive("schedules_show", #"{"name":"зима"}"#)
            for unknown in [
                try await answers("schedules_apply", count: 2).last, try await answers("schedules_show", count: 2).last,
            ] {
                let sentence = #"No schedules are saved as \"зима\"; no schedules are saved."#
                #expect(unknown?.contains(sentence) == true, "\(unknown ?? "none")")
            }
        }
    }

    @Test("What was not written is told for each zone")
    func partlyApplied() async throws {
        try await running(reader, commands, requests) {
            await receive("schedules_save", #"{"name":"winter"}"#)
            _ = try await answers("schedules_save", count: 1)
            cloud.has(Cottage.schedule(20), of: Cottage.kitchen)
            cloud.has(Cottage.schedule(20), of: Cottage.hall)
            cloud.losesTasks(of: Cottage.kitchen)
            await receive("schedules_apply", #"{"name":"winter"}"#)
            let answer = try #require(try await answers("schedules_apply", count: 1).first)
            #expect(
                answer.hasPrefix(
                    """
                    {"status":"error","data":{"schedules":[\
                    {"id":"4","name":"Kitchen","result":"The gateway did not carry it out."},\
                    {"id":"5","name":"Hall","result":"written"}]},\
                    "error":"1 of 2 schedules were not written.
                    """
                ),
                "\(answer)"
            )
        }
    }

    @Test("Backups and restores take turns, and other requests do not wait for them")
    func turns() async throws {
        cloud.holds(.schedule(Cottage.kitchen))
        try await running(reader, commands, requests) {
            for _ in 0..<3 { await receive("schedules_backup") }
            try await eventually { cloud.count(.schedule(Cottage.kitchen)) == 1 }
            await receive("health")
            let health = try await answers("health", count: 1)
            #expect(health.count == 1)
            #expect(cloud.count(.schedule(Cottage.kitchen)) == 1)
            #expect(answers("schedules_backup").isEmpty)
            cloud.releases(.schedule(Cottage.kitchen))
            let backups = try await answers("schedules_backup", count: 3)
            #expect(backups.count == 3)
            #expect(cloud.count(.schedule(Cottage.kitchen)) == 3)
        }
    }

    @Test(
        "A request that finds too many before it is refused at once",
        arguments: [("health", 100), ("schedules_backup", 8)]
    )
    func bounds(name: String, limit: Int) async throws {
        for _ in 0..<limit { await receive(name) }
        #expect(answers(name).isEmpty)
        await receive(name)
        #expect(answers(name).count == 1)
        #expect(answers(name).first?.contains("Too many requests are waiting") == true)
        try await running(reader, commands, requests) {
            let all = try await answers(name, count: limit + 1)
            #expect(all.count { $0.contains(#""status":"ok""#) } == limit)
        }
    }

    @Test("A restore does not hold up the end of the program")
    func stopped() async throws {
        cloud.holds(.schedule(Cottage.kitchen))
        let loops = Task { [reader, requests] in
            try await running(reader) { try await Task.sleep(for: .seconds(60)) }
            _ = requests
        }
        let answering = Task { [requests] in try await requests.run() }
        await receive("schedules_backup")
        try await eventually { cloud.count(.schedule(Cottage.kitchen)) == 1 }
        loops.cancel()
        // The reader has stopped; the backup hears so, and is answered with an error.
        try await eventually { answers("schedules_backup").count == 1 }
        #expect(answers("schedules_backup").first?.contains("stopping") == true)
        answering.cancel()
        try await answering.value
    }
}
