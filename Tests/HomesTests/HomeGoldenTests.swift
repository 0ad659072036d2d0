import Basics
import BridgeCore
import Foundation
import HeatingModel
import SimulatorTestSupport
import TCCClient
import TCCSimulator
import Testing

@Suite("Every home, from the cloud's answers to the topics", .timeLimit(.minutes(1)))
struct HomeGoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    /// An ordinary Tuesday evening in winter.
    private static let now = Instant(millisecondsSince1970: 1_795_541_400_000)

    @Test("A home of the simulator is as its golden file", arguments: BuiltInHome.all.map(\.name))
    func builtIn(home: String) async throws {
        var configuration = SimulatorConfiguration()
        configuration.homes = [.builtIn(home)]
        configuration.startTime = Date(timeIntervalSince1970: Double(Self.now.millisecondsSince1970) / 1000)
        let reading = try await TCCSimulator.withRunning(configuration) { simulator in
            let cloud = CloudAddress(scheme: "http", authority: "\(try await simulator.address)")
            return try await HomeReading(over: HomeReading.network, at: cloud, now: Self.now)
        }
        try check(reading, against: home)
    }

    @Test(
        "A home that is odd in every way, with nothing between its bytes and the client, is as its golden file",
        arguments: ["hostile-names", "odd-weeks", "sparse", "strange-words", "strangers"]
    )
    func odd(home: String) async throws {
        let cloud = FolderCloud(folder: Self.folder.appending(path: "Homes/\(home)"))
        try check(try await HomeReading(over: cloud, at: .vendor, now: Self.now), against: home)
    }

    /// Set `UPDATE_GOLDEN` to write the files anew; look at the difference before committing it.
    private func check(_ reading: HomeReading, against name: String) throws {
        for message in reading.messages {
            #expect(message.topic.unicodeScalars.allSatisfy { !"+#\0".unicodeScalars.contains($0) })
            if message.payload.first == "{" { _ = try JSONValue(parsing: message.payload.utf8) }
        }
        #expect(Set(reading.messages.map(\.topic)).count == reading.messages.count)
        let text = reading.messages.map { "\($0.topic) \($0.payload)\n" }.joined()
        let golden = Self.folder.appending(path: "Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(text.utf8).write(to: golden)
        }
        #expect(try String(contentsOf: golden, encoding: .utf8) == text)
    }
}
