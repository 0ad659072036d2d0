import FoundationEssentials
import StateFile
import SystemPackage
import Testing

@testable import StateFileTestHelper

@Suite("The version of a document")
struct VersionTests {
    @Test("A newer one is refused and left alone")
    func newer() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let newer = #"{"version":3,"unheard_of":true}"#
            try write(newer, to: path)
            let file = StateFile<Ledger>(path, logger: silentLogger)
            let reading = await #expect(throws: StateFileError.self) { try await file.read() }
            let writing = await #expect(throws: StateFileError.self) { try await file.update { $0.increment() } }
            #expect(reading?.code == .newerVersion && writing?.code == .newerVersion)
            #expect(reading?.description.contains("version 3") == true)
            #expect(try text(of: path) == newer)
        }
    }

    @Test("An older one is read as it is and gets the new version, unless the document migrates it")
    func older() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            try write(#"{"version":1,"count":0,"echo":"5"}"#, to: path)
            let ledger = try await StateFile<Ledger>(path, logger: silentLogger).read()
            #expect(ledger.version == 2 && ledger.echo == "5")
        }
    }

    @Test("An older one is migrated by the document, and written in the new form by the next change")
    func migration() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            try write(#"{"version":1,"name":"Home"}"#, to: path)
            let file = StateFile<Migrating>(path, logger: silentLogger)
            #expect(try await file.read().names == ["Home"])
            try await file.update { $0.names.append("Shed") }
            #expect(try text(of: path) == #"{"names":["Home","Shed"],"version":2}"# + "\n")
        }
    }

    struct Migrating: StateDocument {
        static let currentVersion = 2
        var version = currentVersion
        var names: [String] = []

        init() {}

        init(migrating data: Data, from version: Int) throws {
            struct First: Decodable { var name: String }
            names = [try JSONDecoder().decode(First.self, from: data).name]
        }
    }
}
