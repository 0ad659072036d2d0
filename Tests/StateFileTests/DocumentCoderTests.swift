import Synchronization
import SystemPackage
import Testing

@testable import StateFile
@testable import StateFileTestHelper

@Suite("The document that was read or written last", .serialized)
struct DocumentCoderTests {
    /// A document that counts how often it is decoded.
    struct Counted: StateDocument {
        static let currentVersion = 1
        static let decodings = Mutex(0)

        var version = currentVersion
        var text = ""

        init() {}

        init(text: String) {
            self.text = text
        }

        init(from decoder: any Decoder) throws {
            Self.decodings.withLock { $0 += 1 }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            version = try container.decode(Int.self, forKey: .version)
            text = try container.decode(String.self, forKey: .text)
        }
    }

    private func decodings(_ body: () throws -> Void) rethrows -> Int {
        Counted.decodings.withLock { $0 = 0 }
        try body()
        return Counted.decodings.withLock { $0 }
    }

    private func expect(_ decoded: DecodedDocument<Counted>, holds text: String) {
        guard case .document(let document) = decoded else {
            Issue.record("\(decoded)")
            return
        }
        #expect(document.text == text)
    }

    @Test("is not decoded again")
    func remembered() throws {
        let coder = DocumentCoder<Counted>()
        let written = try coder.encode(Counted(text: "ours"))
        #expect(decodings { expect(coder.decode(written), holds: "ours") } == 0)
        let theirs = try Counted(text: "theirs").encoded()
        let count = decodings {
            expect(coder.decode(theirs), holds: "theirs")
            expect(coder.decode(theirs), holds: "theirs")
        }
        #expect(count == 1)
    }

    @Test("is never taken for another one, whatever was encoded or decoded since")
    func others() throws {
        let coder = DocumentCoder<Counted>()
        let first = try coder.encode(Counted(text: "first"))
        // The disk was full: it never got there.
        _ = try coder.encode(Counted(text: "second"))
        expect(coder.decode(first), holds: "first")
        // As long as the one before.
        expect(coder.decode(try Counted(text: "forth").encoded()), holds: "forth")
        guard case .damaged = coder.decode([UInt8](first.dropLast(3))) else {
            Issue.record("A torn file was read.")
            return
        }
        guard case .newer = coder.decode([UInt8](#"{"version":2,"text":"first"}"#.utf8)) else {
            Issue.record("A newer file was read.")
            return
        }
        expect(coder.decode(first), holds: "first")
    }

    @Test("is decoded again if it is large")
    func large() throws {
        let coder = DocumentCoder<Counted>()
        let text = String(repeating: "x", count: 300_000)
        let written = try coder.encode(Counted(text: text))
        #expect(decodings { expect(coder.decode(written), holds: text) } == 1)
        expect(coder.decode(try coder.encode(Counted(text: "small"))), holds: "small")
    }

    @Test("gives way to what another process wrote, and to a file that is gone")
    func otherProcess() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let (ours, theirs) = (
                StateFile<Ledger>(path, logger: silentLogger), StateFile<Ledger>(path, logger: silentLogger)
            )
            try await ours.update { $0.increment() }
            try await theirs.update { $0.increment() }
            try await ours.update { $0.increment() }
            #expect(try await theirs.read().count == 3)
            try OperatingSystem().remove(path)
            #expect(try await ours.read() == Ledger())
            try await ours.update { $0.increment() }
            #expect(try await theirs.read().count == 1)
        }
    }
}
